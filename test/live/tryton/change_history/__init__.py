from trytond.pool import Pool

from . import history


def register():
    Pool.register(
        *history.models(), module='change_history', type_='model')
