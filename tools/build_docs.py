"""Write the pages of the documentation that follow from declarations: processes, access, actions.

    python tools/build_docs.py [--check]

With ``--check`` nothing is written; the exit code is 1 when a page is not what the code says.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rongtong.site.settings")
DOCS = Path(__file__).resolve().parent.parent / "docs"


def processes() -> str:
    """Every process: its diagram and its table of transitions."""
    from rongtong.domain.assessments.states import CERTIFICATE, RUN
    from rongtong.domain.foundation.states import BOX, ENVELOPE
    from rongtong.domain.leads.states import LEAD
    from rongtong.domain.parties.states import REQUEST
    from rongtong.domain.programmes.states import PROCESSES
    from rongtong.domain.registry.states import CHECKING, DISCLOSURE, LIFE

    parts = ["# Processes\n\nGenerated from the tables in `states.py`.\n"]
    for process in (LIFE, LEAD, DISCLOSURE, CHECKING, BOX, ENVELOPE, CERTIFICATE, RUN, REQUEST, *PROCESSES):
        parts.append(f"## {process.label.zh} · {process.label.en}\n\n```mermaid\n{process.diagram()}\n```\n")
        parts.append("| from | event | to | who may | guards | reason |\n| --- | --- | --- | --- | --- | --- |")
        for row in process.transitions:
            guards = ", ".join(guard.__name__ for guard in row.guards)  # type: ignore[attr-defined]  # functions
            sources = ", ".join(process.state(source).label.zh for source in row.sources)
            reason = "required" if row.reason_required else ""
            target = process.state(row.target).label.zh
            parts.append(
                f"| {sources} | {row.label.zh} `{row.event}` | {target} | `{row.needs}` | {guards} | {reason} |"
            )
        parts.append("")
    return "\n".join(parts)


def access() -> str:
    """Every declaration of access: what, and on what grounds."""
    from rongtong.domain.foundation.access import declared

    parts = ["# Access\n\nGenerated from the declarations in `access.py`. What is not listed is denied to everyone.\n"]
    for model, actions in sorted(declared().items(), key=lambda pair: pair[0]._meta.label):
        parts.append(f"## {model._meta.label}\n\n| action | granted on these grounds |\n| --- | --- |")
        for name, grants in actions.items():
            grounds = "; ".join(f"{grant.because.zh} ({grant.because.en})" for grant in grants)
            parts.append(f"| `{name}` | {grounds} |")
        parts.append("")
    return "\n".join(parts)


ROLES = """# Roles

Generated from the table in `parties/roles.py`. A role is conferred for a party, within a region or for the platform,
from a day to a day. Roles that exclude each other are never held by one person, whichever account; nobody confers on
themselves; the last holder of a role that is kept stays.
"""


def roles() -> str:
    """Every role with its terms."""
    from rongtong.domain.foundation.actors import Role
    from rongtong.domain.parties.roles import TERMS

    parts = [ROLES]
    for role, terms in TERMS.items():
        if role is Role.SYSTEM:
            continue
        rows = {
            "may": f"{terms.may.zh} · {terms.may.en}",
            "may not": f"{terms.may_not.zh} · {terms.may_not.en}",
            "bounded by": terms.bound,
            "conferred by": _named(terms.conferred_by),
            "never beside": _named(terms.excludes),
            "signs in with a code": "yes" if terms.second_factor else "no",
            "the last one stays": "yes" if terms.kept else "no",
        }
        parts.append(f"## {terms.label.zh} · {terms.label.en} `{role}`\n\n| | |\n| --- | --- |")
        parts += [f"| {name} | {value} |" for name, value in rows.items()]
        parts.append("")
    return "\n".join(parts)


def _named(roles: tuple[str, ...]) -> str:
    return ", ".join(f"`{role}`" for role in dict.fromkeys(roles))


def actions() -> str:
    """Every write there is, by its name."""
    from rongtong.domain.foundation.actions import all_actions

    rows = [
        f"| `{name}` | {(function.__doc__ or '').strip().splitlines()[0]} |"
        for name, function in sorted(all_actions().items())
        if function.__module__.startswith("rongtong.")
    ]
    head = "# Actions\n\nGenerated. Nothing is written but through one of these.\n\n| action | what it does |\n"
    head += "| --- | --- |\n"
    return head + "\n".join(rows) + "\n"


PAGES = {"processes.md": processes, "access.md": access, "actions.md": actions, "roles.md": roles}


def main() -> int:
    """Write or check every page; the exit code."""
    import django
    from generated import settle

    django.setup()
    return settle(DOCS, {name: build() for name, build in PAGES.items()}, __doc__)


if __name__ == "__main__":
    sys.exit(main())
