from django.db import connection
from django.urls import path

from config import urls as usual
from sources.models import Outlet
from tests.config.observed import tasks


def fail(request, number):
    text = request.GET["q"]
    Outlet.objects.filter(name=text).exists()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{text}' AS put_in_by_hand")
    tasks.fail.delay(text)
    raise ValueError(f"cannot read {text} of {request.META['REMOTE_ADDR']}")


urlpatterns = [path("observed/<int:number>/", fail), *usual.urlpatterns]
globals().update({name: view for name, view in vars(usual).items() if name.startswith("handler")})
