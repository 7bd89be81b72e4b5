"""The API: one router over the floors' resources, its schema and its page."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from assemblies.api import appraisals, meetings, proposals, terms, votes
from disclosure.api import annual, assets, budgets, bulletins, enquiries, fund_audits, oversight, remittances
from disclosure.api import views as disclosure
from unions.api import views as unions
from unions.api.page import api_page, schema

router = SimpleRouter()
router.register("unions", unions.UnionResource, basename="union")
router.register("duties", unions.DutyResource, basename="duty")
router.register("duty-totals", unions.DutyTotalResource, basename="duty-total")
router.register("rules", unions.RuleResource, basename="rule")
router.register("forms", disclosure.FormResource, basename="form")
router.register("returns", disclosure.ReturnResource, basename="return")
router.register("terms", terms.TermResource, basename="term")
router.register("proposals", proposals.ProposalResource, basename="proposal")
router.register("delegates", proposals.DelegateResource, basename="delegate")
router.register("totals", disclosure.TotalResource, basename="total")
router.register("meetings", meetings.MeetingResource, basename="meeting")
router.register("votes", votes.VoteResource, basename="vote")
router.register("appraisals", appraisals.AppraisalResource, basename="appraisal")
router.register("enquiries", enquiries.EnquiryResource, basename="enquiry")
router.register("annual-reports", annual.AnnualResource, basename="annual-report")
router.register("assets", assets.AssetResource, basename="asset")
router.register("fund-audits", fund_audits.FundAuditResource, basename="fund-audit")
router.register("budgets", budgets.BudgetResource, basename="budget")
router.register("remittances", remittances.RemittanceResource, basename="remittance")
router.register("oversights", oversight.OversightResource, basename="oversight")
router.register("bulletins", bulletins.BulletinResource, basename="bulletin")
router.register("notices", unions.NoticeResource, basename="notice")
router.register("jobs", unions.JobResource, basename="job")
router.register("events", unions.EventResource, basename="event")
router.register("files", unions.FileResource, basename="file")

urlpatterns = [
    path("", api_page, name="api-page"),
    path("schema/", schema, name="api-schema"),
    path("v1/", include((router.urls, "api"))),
]
