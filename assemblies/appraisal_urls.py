"""Pages of appraisals, of what is improved after them, and of their sheet."""

from django.urls import path

from assemblies.views import appraisal_sheets, appraisals, improvements

appraisal_urls = [
    path("appraisals/", appraisals.appraisal_list, name="appraisal-list"),
    path("unions/<int:pk>/appraisals/", appraisals.appraisals_of, name="appraisals"),
    path("appraisals/sheet/", appraisal_sheets.sheet, name="appraisal-sheet"),
    path("appraisals/sheet/edit/", appraisal_sheets.sheet_edit, name="appraisal-sheet-edit"),
    path("appraisals/<int:pk>/", appraisals.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/moves/<slug:move>/", appraisals.appraisal_move, name="appraisal-move"),
    path("appraisals/<int:pk>/notice/", appraisals.appraisal_notice, name="appraisal-notice"),
    path("appraisals/<int:pk>/improvements/add/", improvements.improvement_add, name="improvement-add"),
    path("improvements/", improvements.improvement_list, name="improvement-list"),
    path("improvements/<int:pk>/", improvements.improvement, name="improvement"),
    path("improvements/<int:pk>/edit/", improvements.improvement_edit, name="improvement-edit"),
    path("improvements/<int:pk>/remove/", improvements.improvement_remove, name="improvement-remove"),
    path("improvements/<int:pk>/moves/<slug:move>/", improvements.improvement_move, name="improvement-move"),
    path(
        "improvements/<int:pk>/evidence/<int:upload>/", improvements.improvement_evidence, name="improvement-evidence"
    ),
    path("p/appraisal/<str:token>/", appraisals.public_appraisal, name="public-appraisal"),
]
