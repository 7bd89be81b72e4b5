"""Pages of the disclosure floor, one list per resource."""

from django.urls import path

from disclosure import feeds
from disclosure.annual_urls import annual_urls
from disclosure.asset_urls import asset_urls
from disclosure.budget_urls import budget_urls
from disclosure.enquiry_urls import enquiry_urls
from disclosure.fund_audit_urls import fund_audit_urls
from disclosure.oversight_urls import oversight_urls
from disclosure.remittance_urls import remittance_urls
from disclosure.views import (
    bulletins,
    catalogue,
    fill,
    forms,
    printing,
    public,
    public_page,
    reader_links,
    reading,
    review,
    summary,
    totals,
)
from disclosure.views import returns as lists

app_name = "disclosure"

fill_urls = [
    path("returns/fill/<int:pk>/", fill.fill, name="return-fill"),
    path("returns/fill/<int:pk>/field/", fill.save_field, name="return-field"),
    path("returns/fill/<int:pk>/confirm/", fill.confirm, name="return-confirm"),
    path("returns/fill/<int:pk>/submit/", fill.submit, name="return-submit"),
    path("returns/fill/<int:pk>/sign/", fill.sign, name="return-sign"),
    path("returns/fill/<int:pk>/ask/", fill.ask, name="return-ask"),
    path("returns/fill/<int:pk>/workbook/", fill.workbook, name="return-workbook"),
    path("returns/fill/<int:pk>/upload/", fill.upload, name="return-upload"),
]
return_urls = [
    path("returns/", lists.returns, name="return-list"),
    path("returns/<int:pk>/", lists.detail, name="return-detail"),
    path("returns/<int:pk>/withdraw/", lists.withdraw, name="return-withdraw"),
    path("returns/<int:pk>/reopen/", lists.reopen, name="return-reopen"),
    path("returns/<int:pk>/print/", printing.sheet, name="return-print"),
    path("verify/", printing.verify, name="verify"),
]
review_urls = [
    path("review/", review.newest, name="review-newest"),
    path("review/<str:period>/", review.queue, name="review"),
    path("review/<str:period>/bulk/", review.bulk, name="review-bulk"),
    path("review/<str:period>/chase/", review.chase, name="review-chase"),
    path("review/<int:pk>/accept/", review.accept, name="return-accept"),
    path("review/<int:pk>/return/", review.send_back, name="return-return"),
]
summary_urls = [
    path("summaries/<int:pk>/", summary.page, name="summary"),
    path("summaries/<int:pk>/submit/", summary.submit, name="summary-submit"),
    path("summaries/<int:pk>/figures/<slug:code>/", summary.figure, name="summary-figure"),
    path("summaries/<int:pk>/push/", summary.push, name="summary-push"),
    path("totals/", totals.newest, name="totals-newest"),
    path("totals/<str:period>/", totals.matrix, name="totals"),
]
form_urls = [
    path("forms/", forms.forms_list, name="form-list"),
    path("forms/versions/<int:pk>/", forms.version, name="version"),
    path("forms/versions/<int:pk>/copy/", forms.copy, name="version-copy"),
    path("forms/versions/<int:pk>/publish/", forms.publish, name="version-publish"),
    path("forms/versions/<int:pk>/discard/", forms.discard, name="version-discard"),
    path("forms/versions/<int:pk>/indicators/add/", forms.indicator, name="indicator-add"),
    path("forms/versions/<int:pk>/indicators/<int:item>/", forms.indicator, name="indicator-edit"),
    path("forms/versions/<int:pk>/checks/add/", forms.check, name="check-add"),
    path("forms/versions/<int:pk>/checks/<int:item>/", forms.check, name="check-edit"),
]
bulletin_urls = [
    path("bulletins/", bulletins.bulletin_list, name="bulletin-list"),
    path("bulletins/write/", bulletins.write_anywhere, name="bulletin-write-anywhere"),
    path("unions/<int:pk>/bulletins/", bulletins.offers, name="bulletin-offers"),
    path("unions/<int:pk>/bulletins/write/", bulletins.write, name="bulletin-write"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/edit/", bulletins.edit, name="bulletin-edit"),
    path("bulletins/<int:pk>/discard/", bulletins.discard, name="bulletin-discard"),
    path("bulletins/<int:pk>/check/", bulletins.check, name="bulletin-check"),
    path("bulletins/<int:pk>/moves/<slug:move>/", bulletins.move, name="bulletin-move"),
    path("bulletins/<int:pk>/files/", bulletins.files, name="bulletin-files"),
    path("bulletins/<int:pk>/files/<int:upload>/", bulletins.file, name="bulletin-file"),
    path("bulletins/<int:pk>/files/<int:upload>/remove/", bulletins.file_remove, name="bulletin-file-remove"),
    path("bulletins/<int:pk>/post/", bulletins.post, name="bulletin-post"),
    path("postings/<int:pk>/", bulletins.posting, name="posting"),
    path("postings/<int:pk>/remove/", bulletins.posting_remove, name="posting-remove"),
    path("postings/<int:pk>/proofs/<int:upload>/", bulletins.proof, name="posting-proof"),
    path("unions/<int:pk>/public-page/", public_page.public_page, name="public-page"),
    path("unions/<int:pk>/public-page/open/", public_page.set_open, name="public-page-open"),
    path("unions/<int:pk>/public-page/committee/", public_page.committee, name="public-page-committee"),
    path("unions/<int:pk>/public-page/poster/", public_page.poster, name="public-page-poster"),
    path("unions/<int:pk>/public-page/readers/", reader_links.reader_links, name="reader-links"),
    path("unions/<int:pk>/public-page/readers/<slug:readers>/", reader_links.poster, name="reader-poster"),
    path("unions/<int:pk>/public-page/readers/<slug:readers>/renew/", reader_links.renew, name="reader-renew"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/add/", catalogue.item_add, name="catalogue-add"),
    path("catalogue/<int:pk>/", catalogue.item_edit, name="catalogue-edit"),
]
# Without an account. Search engines look for two of them under these very names.
public_urls = [
    path("u/<slug:slug>/", public.home, name="public"),
    path("u/<slug:slug>/bulletins/", public.bulletins, name="public-bulletins"),
    path("u/<slug:slug>/bulletins/<slug:code>/", public.bulletin, name="public-bulletin"),
    path("u/<slug:slug>/bulletins/<slug:code>/files/<int:upload>/", public.file, name="public-file"),
    path("u/<slug:slug>/feed/", feeds.feed, name="public-feed"),
    path("p/read/<slug:readers>/<str:token>/", reading.home, name="read"),
    path("p/read/<slug:readers>/<str:token>/bulletins/", reading.bulletins, name="read-bulletins"),
    path("p/read/<slug:readers>/<str:token>/bulletins/<slug:code>/", reading.bulletin, name="read-bulletin"),
    path(
        "p/read/<slug:readers>/<str:token>/bulletins/<slug:code>/files/<int:upload>/", reading.file, name="read-file"
    ),
    path("sitemap.xml", public.sitemaps, name="sitemaps"),
    path("sitemap-<slug:section>.xml", public.sitemap, name="sitemap"),
    path("robots.txt", public.robots, name="robots"),
]

urlpatterns = [
    *fill_urls, *return_urls, *review_urls, *summary_urls, *form_urls, *bulletin_urls, *public_urls, *enquiry_urls, *annual_urls,
    *oversight_urls, *fund_audit_urls, *budget_urls, *asset_urls, *remittance_urls,
]  # fmt: skip
