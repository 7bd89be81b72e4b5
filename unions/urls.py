"""Pages of the ground floor, one list per resource."""

from django.urls import path

from unions.views import accounts, explorer, home, inbox, tree, union_page

app_name = "unions"

account_urls = [
    path("sign-in/", accounts.sign_in, name="sign-in"),
    path("sign-out/", accounts.sign_out, name="sign-out"),
    path("password/", accounts.password, name="password"),
    path("language/", accounts.language, name="language"),
]
home_urls = [path("", home.home, name="home")]
inbox_urls = [path("inbox/", inbox.inbox, name="inbox")]
union_urls = [
    path("search/", tree.search, name="search"),
    path("tree/", explorer.tree, name="tree"),
    path("unions/", tree.union_list, name="union-list"),
    path("unions/pick/", tree.pick, name="union-pick"),
    path("unions/<int:pk>/", union_page.union, name="union"),
]

urlpatterns = [*account_urls, *home_urls, *inbox_urls, *union_urls]
