from django.apps import AppConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


def create_permissions(sender, using, **kwargs):
    """The rows that guardian's grants point at: one for each name in unions/permissions.py."""
    from django.contrib.auth.models import Permission as Row
    from django.contrib.contenttypes.models import ContentType

    from unions.permissions import Permission

    union = ContentType.objects.db_manager(using).get_for_model(sender.get_model("union"))
    known = set(Row.objects.using(using).filter(content_type=union).values_list("codename", flat=True))
    Row.objects.using(using).bulk_create(
        Row(content_type=union, codename=permission, name=str(permission))
        for permission in Permission
        if permission not in known
    )


def settle_grants(sender, using, **kwargs):
    """Appointments in force hold what their role means in this release: a permission that a role gained or lost since."""
    from unions.services import settle_grants

    if "unions_uniongrant" in connections[using].introspection.table_names():  # gone after a migration to zero
        settle_grants(using)


def settle_rights(sender, using, **kwargs):
    """What each role may do with each table, the new ones included."""
    from unions import rights

    rights.settle(connections[using])


class UnionsConfig(AppConfig):
    name = "unions"
    verbose_name = _("Organisation")

    def ready(self):
        from unions import (
            audit,
            audit_export,
            audit_words,
            checks,  # noqa: F401  the deployment check
            export_jobs,
            import_accounts,
            import_jobs,
            imports,
            locks,
            menu,
            register,  # noqa: F401  the moves of unions
            reveals,
            security_settings,
            sessions,
            settingbook,
            wall,
            wordings,
        )

        menu.register()
        audit.register()
        audit_export.register()
        audit_words.register()
        wordings.register()
        settingbook.register()
        security_settings.register()
        reveals.register()
        import_jobs.register()
        export_jobs.register()
        imports.register()
        import_accounts.register()
        sessions.register()
        locks.register()
        post_migrate.connect(create_permissions, sender=self)
        post_migrate.connect(settle_grants, sender=self)
        post_migrate.connect(settle_rights, sender=self)
        connection_created.connect(wall.settle_connection)
