"""Pages of annual reports."""

from django.urls import path

from disclosure.views import annual, annual_compare, annual_hearing, annual_sheets, annual_write

annual_urls = [
    path("annual/", annual.annual_list, name="annual-list"),
    path("unions/<int:pk>/annual/", annual_compare.compare, name="annual-compare"),
    path("annual/sheets/", annual_sheets.sheets, name="annual-sheets"),
    path("annual/sheets/<int:tier>/edit/", annual_sheets.sheet_edit, name="annual-sheet-edit"),
    path("annual/write/<int:pk>/", annual_write.write, name="annual-write"),
    path("annual/write/<int:pk>/field/", annual_write.save_field, name="annual-field"),
    path("annual/write/<int:pk>/drafts/", annual_write.take_drafts, name="annual-drafts"),
    path("annual/write/<int:pk>/sign/", annual_write.sign, name="annual-sign"),
    path("annual/write/<int:pk>/parts/<int:number>/files/", annual_write.files, name="annual-files"),
    path("annual/write/<int:pk>/files/<int:upload>/remove/", annual_write.file_remove, name="annual-file-remove"),
    path("annual/<int:pk>/", annual.annual, name="annual"),
    path("annual/<int:pk>/moves/<slug:move>/", annual.move, name="annual-move"),
    path("annual/<int:pk>/document/<slug:form>/", annual.document, name="annual-document"),
    path("annual/<int:pk>/files/<int:upload>/", annual.file, name="annual-file"),
    path("annual/<int:pk>/hearing/", annual_hearing.hear, name="annual-hear"),
    path("annual/<int:pk>/hearing/end/", annual_hearing.hear_end, name="annual-hear-end"),
    path("annual/<int:pk>/questions/add/", annual_hearing.question_add, name="annual-question-add"),
    path("annual/questions/<int:pk>/", annual_hearing.question_answer, name="annual-answer"),
    path("p/annual/<str:token>/", annual_hearing.hearing, name="annual-hearing"),
]
