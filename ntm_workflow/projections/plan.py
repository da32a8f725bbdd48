"""Plans as rows."""

import sqlalchemy as sa

from ntm_workflow.domain.plan import Plan
from ntm_workflow.projections.slices import Day, Json, PlainText, View


def _row(plan: Plan) -> tuple[object, ...]:
    a = plan.adopted
    return (
        *(a.title, a.issuer, a.level, a.place, a.number, a.issued_on, a.period),
        *(a.implements, a.amends, plan.versions[0].since, a.settings, a.assumed),
        *(a.within or a.place, plan.money_rules, plan.figures, a.papers, a.recipients),
        *(plan.versions, plan.money_checks),
    )


VIEW = View[Plan](
    "plan",
    (
        sa.Column("title", PlainText, nullable=False),
        sa.Column("issuer", PlainText, nullable=False),
        sa.Column("level", PlainText, nullable=False),
        sa.Column("place", PlainText, nullable=False),
        sa.Column("number", PlainText),
        sa.Column("issued_on", Day),
        sa.Column("period", Json, nullable=False),
        sa.Column("implements", Json, nullable=False),
        sa.Column("amends", Json, nullable=False),
        sa.Column("effective_on", Day, nullable=False),
        sa.Column("settings", Json, nullable=False),
        sa.Column("assumed", Json, nullable=False),
        sa.Column("scope", PlainText, nullable=False),
        sa.Column("money_rules", Json, nullable=False),
        sa.Column("figures", Json, nullable=False),
        sa.Column("papers", Json, nullable=False),
        sa.Column("recipients", Json, nullable=False),
        sa.Column("versions", Json, nullable=False),
        sa.Column("money_checks", Json, nullable=False),
    ),
    _row,
    place=lambda plan: plan.adopted.place,
)
