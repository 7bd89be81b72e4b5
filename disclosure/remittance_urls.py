"""Pages of the remittance of funds."""

from django.urls import path

from disclosure.views import remittances

remittance_urls = [
    path("remittances/", remittances.remittance_list, name="remittance-list"),
    path("remittances/rates/", remittances.rates, name="remittance-rates"),
    path("unions/<int:pk>/remittances/", remittances.union_quarters, name="union-remittances"),
    path("remittances/<int:pk>/", remittances.remittance, name="remittance"),
    path("remittances/<int:pk>/moves/<slug:move>/", remittances.remittance_move, name="remittance-move"),
]
