"""Pages of fund audits."""

from django.urls import path

from disclosure.views import fund_audit_coverage, fund_audits, fund_findings

fund_audit_urls = [
    path("fund-audits/", fund_audits.audit_list, name="fund-audit-list"),
    path("fund-audits/plan/", fund_audits.plan, name="fund-audit-plan"),
    path("fund-audits/unions/", fund_audit_coverage.union_list, name="fund-audit-unions"),
    path("fund-audits/coverage/", fund_audit_coverage.coverage, name="fund-audit-coverage"),
    path("fund-audits/<int:pk>/", fund_audits.audit, name="fund-audit"),
    path("fund-audits/<int:pk>/moves/<slug:move>/", fund_audits.audit_move, name="fund-audit-move"),
    path("fund-audits/<int:pk>/papers/<slug:name>/<slug:form>/", fund_audits.paper, name="fund-audit-paper"),
    path("fund-audits/<int:pk>/findings/add/", fund_findings.finding_add, name="fund-finding-add"),
    path("fund-audits/findings/<int:pk>/", fund_findings.finding, name="fund-finding"),
    path("fund-audits/findings/<int:pk>/edit/", fund_findings.finding_edit, name="fund-finding-edit"),
    path("fund-audits/findings/<int:pk>/drop/", fund_findings.finding_drop, name="fund-finding-drop"),
    path("fund-audits/findings/<int:pk>/moves/<slug:move>/", fund_findings.finding_move, name="fund-finding-move"),
    path("fund-audits/findings/<int:pk>/files/<int:upload>/", fund_findings.evidence, name="fund-finding-file"),
]
