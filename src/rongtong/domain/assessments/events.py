"""The names of what happens to facts, assessments and certificates, as the audit shows them."""

from rongtong.domain.assessments.states import CERTIFICATE, RUN
from rongtong.domain.foundation.naming import name_events, name_kinds, name_steps
from rongtong.domain.foundation.words import Words

name_events(
    {
        "assessments.record_facts": Words("填报指标", "Enter indicators"),
        "assessments.confirm_facts": Words("确认指标", "Confirm indicators"),
        "assessments.assess_party": Words("测评", "Assess"),
        "assessments.accept_assessment": Words("确认测评结果", "Accept an assessment"),
        "assessments.record_certificate": Words("登记资质", "Enter a certificate"),
        "assessments.advance_certificate": Words("办理资质", "Move a certificate"),
        "assessments.ask_run": Words("提交批量测评", "Ask for a run"),
        "assessments.move_run": Words("批量测评进展", "A run goes on"),
        "assessments.export_run": Words("导出批量测评结果", "Export the results of a run"),
        "assessments.cancel_run": Words("取消批量测评", "Cancel a run"),
    }
)
name_kinds(
    {
        "assessments.assessment": Words("测评", "Assessment"),
        "assessments.certificate": Words("证书", "Certificate"),
        "assessments.fact": Words("测评数据", "Fact"),
        "assessments.run": Words("批量测评", "Run"),
    }
)
name_steps(CERTIFICATE)
name_steps(RUN)
