from config import settings as usual

globals().update({name: value for name, value in vars(usual).items() if name.isupper()})
# Before the last one, which gives out the permissions of all others.
INSTALLED_APPS = [*usual.INSTALLED_APPS[:-1], "tests.config.observed", usual.INSTALLED_APPS[-1]]
ROOT_URLCONF = "tests.config.observed.urls"
