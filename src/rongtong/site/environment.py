"""What the operator may set, checked once at start: every variable begins with ``RONGTONG_`` (and ``DATABASE_URL``)."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationError, field_validator

PREFIX = "RONGTONG_"


class EnvironmentProblem(SystemExit):
    """A setting cannot be used; the message names the variable, its value's fault and a value that works."""


class Environment(BaseModel):
    """The settings of one installation.

    Paths are created on first use; nothing is read from anywhere but the process environment.
    """

    model_config = ConfigDict(extra="forbid")

    home: Path = Field(default=Path("var"), description="数据目录：数据库、检索索引、向量、上传文件")
    secret_key: str | None = Field(default=None, min_length=32, description="签名密钥；不设则在数据目录生成一个")
    former_secret_keys: list[str] = Field(default=[], description="更换前的签名密钥，逗号分隔：旧密钥保护的内容仍可读")
    debug: bool = Field(default=False, description="调试模式，只用于开发")
    hosts: list[str] = Field(default=["127.0.0.1", "localhost", "[::1]"], description="允许访问的主机名，逗号分隔")
    https: bool = Field(default=False, description="门户在 HTTPS 之后运行：安全 Cookie 与 HSTS")
    language: Literal["zh-hans", "en"] = Field(default="zh-hans", description="默认语言")
    region: str = Field(default="530100", pattern=r"^\d{6}$", description="本地区的行政区划代码（GB/T 2260）")
    region_name: str = Field(default="云岭高新区（示例）", description="门户上显示的地区名")
    sample: bool = Field(default=True, description="门户说明这是示例地区，并列出可登录的示例身份")
    bind: str = Field(default="127.0.0.1:8000", pattern=r"^.+:\d{1,5}$", description="监听地址")
    threads: int = Field(default=8, ge=1, le=64, description="门户线程数")
    encoder: Literal["local", "server", "none"] = Field(default="local", description="语义向量：本机、外部服务、不用")
    encoder_threads: int = Field(default=2, ge=1, le=64, description="本机向量计算的线程数")
    encoder_url: HttpUrl | None = Field(default=None, description="OpenAI 兼容的向量服务地址")
    encoder_model: str = Field(default="", description="向量服务的模型名")
    encoder_key: str = Field(default="", description="向量服务的密钥")
    upload_limit_mb: int = Field(default=200, ge=1, le=4096, description="单个上传文件的上限（MB）")
    document_limit_mb: int = Field(default=50, ge=1, le=1024, description="单个附件的上限（MB）")
    document_years: int = Field(default=10, ge=1, le=100, description="附件至少保管的年数，其后撤回的附件可清除内容")
    download_minutes: int = Field(default=5, ge=1, le=60, description="下载链接的有效时间（分钟）")
    clamd: str = Field(
        default="", pattern=r"^(|/.+|.+:\d{1,5})$", description="ClamAV 守护进程：主机:端口或套接字路径；不设则不查毒"
    )
    audit_hash: Literal["sha256", "sm3"] = Field(default="sha256", description="审计链的散列算法")
    proxies: int = Field(default=0, ge=0, le=9, description="前面有几层可信代理：据此从 X-Forwarded-For 取访问者地址")
    password_length: int = Field(default=12, ge=8, le=64, description="密码的最少字数")
    breached_passwords: Path | None = Field(default=None, description="泄露密码文件：排序的 SHA-1 散列或每行一个密码")
    idle_minutes: int = Field(default=30, ge=1, le=720, description="多久没有操作就退出登录（分钟）")
    idle_minutes_staff: int = Field(default=15, ge=1, le=720, description="须用动态码的身份多久没有操作就退出（分钟）")
    session_hours: int = Field(default=12, ge=1, le=72, description="一次登录最长多久（小时）")
    api_key_days: int = Field(default=365, ge=1, le=1095, description="接口密钥最长的有效天数")
    invitation_hours: int = Field(default=72, ge=1, le=720, description="邀请链接的有效时间（小时）")
    reset_minutes: int = Field(default=60, ge=5, le=1440, description="重设密码链接的有效时间（分钟）")
    limits: float = Field(default=1.0, ge=0, description="访问频率上限的倍数；0 为不限")
    address: HttpUrl | None = Field(default=None, description="门户对外的网址，用于邮件中的链接")
    email_url: str = Field(
        default="",
        pattern=r"^(|console:|file:///.+|smtps?://.+)$",
        description="发信：smtp://用户:密码@主机:587、smtps://…、file:///目录、console:；不设则不发信",
    )
    email_from: str = Field(default="rongtong@localhost", description="发信人地址")
    oidc_issuer: HttpUrl | None = Field(default=None, description="统一身份认证（OpenID Connect）的签发者网址")
    oidc_client_id: str = Field(default="", description="在统一身份认证登记的客户端编号")
    oidc_client_secret: str = Field(default="", description="在统一身份认证登记的客户端密钥")
    oidc_claim: str = Field(default="sub", pattern=r"^\w+$", description="ID 令牌中用来认人的字段")
    oidc_name: str = Field(default="统一身份认证", description="登录页按钮上的名称")
    audit_archive: Path | None = Field(default=None, description="到期的审计事件先导出到这个目录，再删除")
    keep_access_days: int = Field(default=400, ge=183, description="访问记录保留天数，不少于六个月")
    keep_provision_days: int = Field(default=1826, ge=1096, description="提供记录保留天数，不少于三年")
    keep_objections_days: int = Field(
        default=1826, ge=183, description="无账号异议人的姓名、联系方式和理由在答复后保留的天数，不短于提供记录"
    )
    keep_messages_days: int = Field(default=365, ge=30, description="消息保留天数")
    mail_from_hour: int = Field(default=8, ge=0, le=23, description="每天从几点起发消息邮件")
    database_url: str = Field(default="", description="数据库；不设则用数据目录中的 SQLite")

    @field_validator("hosts", "former_secret_keys", mode="before")
    @classmethod
    def split_hosts(cls, value: object) -> object:
        return [host.strip() for host in value.split(",") if host.strip()] if isinstance(value, str) else value

    @field_validator("breached_passwords")
    @classmethod
    def readable(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError("文件不存在 (no such file)")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def protected(cls, value: HttpUrl | None) -> HttpUrl | None:
        if value and value.scheme != "https" and value.host not in ("127.0.0.1", "localhost"):
            raise ValueError("应为 https 网址 (must be https)")
        return value

    @field_validator("home")
    @classmethod
    def absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("audit_archive")
    @classmethod
    def absolute_if_set(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value else None


def read_environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The checked settings of ``variables`` (the process environment by default).

    Raises EnvironmentProblem with one line for each variable that is unknown or wrong.
    """
    variables = os.environ if variables is None else variables
    given = {name[len(PREFIX) :].lower(): value for name, value in variables.items() if name.startswith(PREFIX)}
    given.pop("evaluation_data", None)  # read by the benchmarks alone
    if variables.get("DATABASE_URL"):
        given["database_url"] = variables["DATABASE_URL"]
    try:
        return Environment.model_validate(given)
    except ValidationError as error:
        raise EnvironmentProblem(_explain(error)) from None


def _explain(error: ValidationError) -> str:
    lines = ["配置有误，未启动 (the configuration cannot be used):"]
    for problem in error.errors():
        name = str(problem["loc"][0])
        variable = "DATABASE_URL" if name == "database_url" else PREFIX + name.upper()
        field = Environment.model_fields.get(name)
        hint = f"（{field.description}，默认 {field.default}）" if field else "（没有这个设置 / no such setting）"
        lines.append(f"  {variable}={problem['input']!r}: {problem['msg']} {hint}")
    return "\n".join(lines)
