"""Pages of the ground floor, one list per resource."""

from django.urls import path

from unions.views import accounts, duties, explorer, home, inbox, jobs, rules, runs, tree, union_page

app_name = "unions"

account_urls = [
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password, name="password"),
    path("language/", accounts.language, name="language"),
]
home_urls = [path("", home.home, name="home")]
inbox_urls = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/open/", inbox.inbox_open, name="inbox-open"),
    path("inbox/read/", inbox.inbox_read_all, name="inbox-read-all"),
]
duty_urls = [
    path("duties/", duties.duty_list, name="duty-list"),
    path("duties/<int:pk>/", duties.duty, name="duty"),
    path("duties/<int:pk>/ask/", duties.ask, name="duty-ask"),
    path("duties/<int:pk>/extend/", duties.extend, name="duty-extend"),
    path("duties/<int:pk>/decline/", duties.decline, name="duty-decline"),
    path("duties/<int:pk>/waive/", duties.waive, name="duty-waive"),
    path("duties/<int:pk>/demand/", duties.demand, name="duty-demand"),
    path("board/", duties.board, name="board"),
]
rule_urls = [
    path("rules/", rules.rule_list, name="rule-list"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/edit/", rules.rule_edit, name="rule-edit"),
    path("calendar/", rules.calendar, name="calendar"),
    path("calendar/days/add/", rules.day_add, name="day-add"),
    path("calendar/days/<int:pk>/", rules.day_edit, name="day-edit"),
    path("calendar/days/<int:pk>/remove/", rules.day_remove, name="day-remove"),
    path("calendar/redate/", rules.redate, name="calendar-redate"),
]
run_urls = [
    path("runs/", runs.run_list, name="run-list"),
    path("runs/deliveries/<int:pk>/resend/", runs.resend, name="delivery-resend"),
]
job_urls = [
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job-file"),
]
union_urls = [
    path("search/", tree.search, name="search"),
    path("tree/", explorer.tree, name="tree"),
    path("unions/", tree.union_list, name="union-list"),
    path("unions/pick/", tree.pick, name="union-pick"),
    path("unions/<int:pk>/", union_page.union, name="union"),
]

urlpatterns = [*account_urls, *home_urls, *inbox_urls, *union_urls, *duty_urls, *rule_urls, *run_urls, *job_urls]
