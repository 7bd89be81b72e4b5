"""Pages of assets."""

from django.urls import path

from disclosure.views import assets

asset_urls = [
    path("assets/", assets.asset_list, name="asset-list"),
    path("unions/<int:pk>/assets/add/", assets.asset_add, name="asset-add"),
    path("unions/<int:pk>/assets/count/", assets.stock_count, name="stock-count"),
    path("unions/<int:pk>/assets/register/<slug:form>/", assets.register, name="asset-register"),
    path("assets/<int:pk>/", assets.asset, name="asset"),
    path("assets/<int:pk>/correct/", assets.asset_correct, name="asset-correct"),
    path("assets/<int:pk>/moves/<slug:move>/", assets.asset_move, name="asset-move"),
    path("assets/<int:pk>/files/<int:upload>/", assets.asset_file, name="asset-file"),
    path("assets/stock-takings/<int:pk>/", assets.stock_taking, name="stock-taking"),
]
