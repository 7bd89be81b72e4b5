"""Pages of budgets."""

from django.urls import path

from disclosure.views import budget_executions, budgets, duties

budget_urls = [
    path("duties/<int:pk>/way/", duties.way, name="duty-way"),
    path("budgets/", budgets.budget_list, name="budget-list"),
    path("budgets/missing/", budgets.budget_missing, name="budget-missing"),
    path("unions/<int:pk>/budgets/", budgets.budget_years, name="budget-years"),
    path("unions/<int:pk>/budgets/add/", budgets.budget_add, name="budget-add"),
    path("budgets/<int:pk>/", budgets.budget, name="budget"),
    path("budgets/<int:pk>/edit/", budgets.budget_edit, name="budget-edit"),
    path("budgets/<int:pk>/take/", budgets.budget_take, name="budget-take"),
    path("budgets/<int:pk>/adjust/", budgets.budget_adjust, name="budget-adjust"),
    path("budgets/<int:pk>/discard/", budgets.budget_discard, name="budget-discard"),
    path("budgets/<int:pk>/moves/<slug:move>/", budgets.budget_move, name="budget-move"),
    path("budgets/<int:pk>/document/<slug:form>/", budgets.document, name="budget-document"),
    path("budgets/<int:pk>/workbook/", budgets.workbook, name="budget-workbook"),
    path("budgets/<int:pk>/upload/", budgets.upload, name="budget-upload"),
    path("budgets/<int:pk>/executions/add/", budget_executions.execution_add, name="execution-add"),
    path("executions/<int:pk>/", budget_executions.execution, name="execution"),
    path("executions/<int:pk>/edit/", budget_executions.execution_edit, name="execution-edit"),
    path("executions/<int:pk>/upload/", budget_executions.upload, name="execution-upload"),
    path("executions/<int:pk>/moves/<slug:move>/", budget_executions.execution_move, name="execution-move"),
    path("executions/<int:pk>/files/", budget_executions.files, name="execution-files"),
    path("executions/<int:pk>/files/<int:upload>/", budget_executions.file, name="execution-file"),
    path(
        "executions/<int:pk>/files/<int:upload>/remove/", budget_executions.file_remove, name="execution-file-remove"
    ),
]
