"""Pages of the ground floor, one list per resource."""

from django.urls import path

from unions.views import (
    access,
    account_pages,
    accounts,
    audit,
    cards,
    duties,
    emergencies,
    explorer,
    factors,
    history,
    home,
    imports,
    inbox,
    jobs,
    people,
    personal,
    privacy,
    rules,
    runs,
    sessions,
    settings,
    tree,
    union_page,
    uploads,
    webhooks,
)

app_name = "unions"

account_urls = [
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("accounts/", account_pages.account_list, name="account-list"),
    path("accounts/locks/", account_pages.lock_list, name="lock-list"),
    path("accounts/locks/<int:pk>/open/", account_pages.lock_open, name="lock-open"),
    path("accounts/assist/end/", account_pages.assist_end, name="assist-end"),
    path("accounts/<int:pk>/", account_pages.account, name="account"),
    path("accounts/<int:pk>/sign-out/", account_pages.account_sign_out, name="account-sign-out"),
    path("accounts/<int:pk>/factors/reset/", account_pages.account_reset, name="account-reset"),
    path("accounts/<int:pk>/assist/", account_pages.assist, name="assist"),
    path("emergency/", emergencies.emergency_list, name="emergency-list"),
    path("emergency/begin/", emergencies.emergency_begin, name="emergency-begin"),
    path("emergency/<int:pk>/end/", emergencies.emergency_end, name="emergency-end"),
    path("sign-in/factor/", factors.ask, name="factor-ask"),
    path("prove/", factors.prove, name="prove"),
    path("factors/", factors.factor_list, name="factor-list"),
    path("factors/app/", factors.code_app, name="code-app"),
    path("factors/app/remove/", factors.code_app_remove, name="code-app-remove"),
    path("factors/passkey/", factors.passkey, name="passkey"),
    path("factors/passkey/<int:pk>/remove/", factors.passkey_remove, name="passkey-remove"),
    path("factors/codes/", factors.recovery_codes, name="recovery-codes"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password, name="password"),
    path("language/", accounts.language, name="language"),
    path("sessions/", sessions.session_list, name="session-list"),
    path("sessions/end-others/", sessions.end_others, name="session-end-others"),
    path("sessions/<int:number>/end/", sessions.end, name="session-end"),
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
setting_urls = [
    path("settings/", settings.setting_list, name="setting-list"),
    path("settings/<slug:key>/", settings.setting_edit, name="setting-edit"),
    path("settings/<slug:key>/reset/", settings.setting_reset, name="setting-reset"),
]
webhook_urls = [
    path("webhooks/", webhooks.webhook_list, name="webhook-list"),
    path("webhooks/add/", webhooks.webhook_add, name="webhook-add"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/test/", webhooks.webhook_test, name="webhook-test"),
    path("webhooks/<int:pk>/secret/", webhooks.webhook_secret, name="webhook-secret"),
    path("webhooks/<int:pk>/remove/", webhooks.webhook_remove, name="webhook-remove"),
    path("runs/posts/<int:pk>/resend/", webhooks.resend, name="post-resend"),
]
audit_urls = [
    path("access/", access.explain, name="access"),
    path("audit/", audit.event_list, name="event-list"),
    path("audit/export/", audit.export, name="event-export"),
    path("audit/seals/", audit.seal_list, name="seal-list"),
    path("audit/seals/check/", audit.seal_check, name="seal-check"),
    path("audit/seals/file/", audit.seal_file, name="seal-file"),
]
run_urls = [
    path("runs/", runs.run_list, name="run-list"),
    path("runs/deliveries/<int:pk>/resend/", runs.resend, name="delivery-resend"),
]
job_urls = [
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/export/", jobs.export, name="export"),
    path("jobs/<int:pk>/", jobs.job, name="job"),
    path("jobs/<int:pk>/file/", jobs.job_file, name="job-file"),
]
union_urls = [
    path("search/", tree.search, name="search"),
    path("tree/", explorer.tree, name="tree"),
    path("unions/", tree.union_list, name="union-list"),
    path("unions/full/", personal.roster_full, name="roster-full"),
    path("unions/pick/", tree.pick, name="union-pick"),
    path("unions/<int:pk>/", union_page.union, name="union"),
    path("unions/<int:pk>/edit/", cards.edit, name="union-edit"),
    path("unions/<int:pk>/add/", cards.add, name="union-add"),
    path("unions/<int:pk>/move/", cards.move, name="union-move"),
    path("unions/<int:pk>/move/undo/", cards.move_undo, name="union-move-undo"),
    path("unions/<int:pk>/merge/", cards.merge, name="union-merge"),
    path("unions/<int:pk>/dissolve/", cards.dissolve, name="union-dissolve"),
    path("unions/<int:pk>/restore/", cards.restore, name="union-restore"),
    path("unions/<int:pk>/phone/", cards.phone, name="union-phone"),
    path("unions/<int:pk>/files/", uploads.file_list, name="file-list"),
    path("unions/<int:pk>/files/<int:upload_pk>/", uploads.file, name="file"),
    path("unions/<int:pk>/files/<int:upload_pk>/remove/", uploads.file_remove, name="file-remove"),
    path("unions/<int:pk>/history/", history.history, name="union-history"),
    path("unions/<int:pk>/history/<int:event_pk>/undo/", history.undo, name="union-undo"),
]
people_urls = [
    path("unions/<int:pk>/people/", people.people, name="union-people"),
    path("unions/<int:pk>/people/add/", people.account_add, name="person-add"),
    path("unions/<int:pk>/people/appoint/", people.appoint, name="person-appoint"),
    path("unions/<int:pk>/people/<int:assignment_pk>/end/", people.end, name="person-end"),
    path("unions/<int:pk>/people/<int:assignment_pk>/password/", people.password, name="person-password"),
    path("unions/<int:pk>/people/<int:assignment_pk>/enabled/", people.enabled, name="person-enabled"),
]
personal_urls = [
    path("personal/", personal.register, name="personal-register"),
    path("personal/mine/", privacy.my_data, name="my-data"),
    path("personal/mine/copy/", privacy.my_data_copy, name="my-data-copy"),
    path("personal/corrections/", privacy.correction_list, name="correction-list"),
    path("personal/corrections/<int:pk>/decide/", privacy.correction_decide, name="correction-decide"),
    path("personal/erasures/", privacy.erasure_list, name="erasure-list"),
    path("personal/erasures/<int:pk>/", privacy.erasure, name="erasure"),
    path("personal/openings/", personal.opening_list, name="opening-list"),
]
import_urls = [
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/<slug:key>/", imports.import_new, name="import-new"),
    path("imports/template/<slug:key>/", imports.import_template, name="import-template"),
    path("imports/<int:pk>/", imports.import_batch, name="import"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import-progress"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import-columns"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import-confirm"),
    path("imports/<int:pk>/again/", imports.import_again, name="import-again"),
    path("imports/<int:pk>/passwords/", imports.import_passwords, name="import-passwords"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<int:pk>/errors/", imports.import_errors, name="import-errors"),
]

urlpatterns = [
    *account_urls,
    *home_urls,
    *inbox_urls,
    *import_urls,
    *union_urls,
    *people_urls,
    *personal_urls,
    *duty_urls,
    *rule_urls,
    *setting_urls,
    *webhook_urls,
    *run_urls,
    *audit_urls,
    *job_urls,
]
