from celery import shared_task

from sources.models import Outlet


@shared_task(name="claims.observed_fail")
def fail(text):
    Outlet.objects.filter(name=text).exists()
    try:
        int(text)
    except ValueError as error:
        raise RuntimeError(f"no number: {text}") from error
