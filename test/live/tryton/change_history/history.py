"""
Keep the row history of what a services firm bills by, add an approval to
timesheet lines, and let an integration read each history table.

Tryton can keep every version of every row (`_history`) but offers no call
that lists them. For each model in READABLE this module adds the model
`change.history.<model>`, whose records are the rows of its history table:

    id       sequence of the history table, always increasing
    record   id of the record the row is a version of
    uid      user who wrote it (0: the system itself)
    at       start of the transaction that wrote it, UTC
    deleted  the record was deleted; all columns are empty

and the model's own columns under their own names: relations as ids,
selections and references as text. Read them in order with
`search_read([["id", ">", last]], 0, 1000, [["id", "ASC"]], fields)`.
Whoever may read the model may read its history; nobody can write it.

Identical rows may follow each other: a module that saves a record again in
the same transaction adds a row. Transactions that overlap may commit their
rows out of order, so a reader goes back a little.
"""
from sql import Column, Null
from sql.conditionals import Coalesce

from trytond.model import ModelSQL, ModelView, fields
from trytond.pool import Pool, PoolMeta

# History is switched on for these.
KEPT = [
    'timesheet.line',
    'project.work',
    'project.allocation',
    'company.employee',
    'product.price_list.line',
    ]
# Vanilla modules keep these already; here they only become readable.
READABLE = KEPT + [
    'sale.opportunity',
    'party.party',
    'sale.sale',
    ]

# How a column is shown; whatever is not listed is shown as it is.
AS_TEXT = (fields.Selection, fields.Reference)
SHOWN = (fields.Char, fields.Text, fields.Integer, fields.Float,
    fields.Numeric, fields.Boolean, fields.Date, fields.Timestamp,
    fields.DateTime, fields.TimeDelta)
BESIDES = {'id', 'create_uid', 'create_date', 'write_uid', 'write_date'}


class TimesheetLine(metaclass=PoolMeta):
    __name__ = 'timesheet.line'

    approval_state = fields.Selection([
            ('draft', "Draft"),
            ('submitted', "Submitted"),
            ('approved', "Approved"),
            ('rejected', "Rejected"),
            ], "Approval", required=True, sort=False)

    @classmethod
    def default_approval_state(cls):
        return 'draft'


def plain_columns(Source):
    "Name and readable field of each column of a model's table"
    for name in dir(Source):
        field = getattr(Source, name, None)
        if not isinstance(field, fields.Field) or name in BESIDES:
            continue
        if isinstance(field, fields.Function):
            continue
        if isinstance(field, fields.Many2One):
            yield name, fields.Integer(field.string)
        elif isinstance(field, AS_TEXT):
            yield name, fields.Char(field.string)
        elif isinstance(field, SHOWN):
            yield name, type(field)(field.string)


# Only what can be viewed can be called from outside, hence ModelView.
class ChangeHistory(ModelSQL, ModelView):
    "Rows of one history table; models() makes the class of each"
    _source = None

    uid = fields.Integer("User")
    at = fields.Timestamp("At")
    deleted = fields.Boolean("Deleted")

    @classmethod
    def __setup__(cls):
        # Classes of other modules are complete by now, whichever of them
        # is set up first: the columns can be taken from the source itself.
        cls._columns = []
        for name, field in plain_columns(Pool().get(cls._source)):
            setattr(cls, name, field)
            cls._columns.append(name)
        super().__setup__()
        # Access is the source's own.
        cls.__access__.add('record')
        for method in ('create', 'write', 'delete', 'copy'):
            cls.__rpc__.pop(method, None)

    @classmethod
    def table_query(cls):
        row = Pool().get(cls._source).__table_history__()
        return row.select(
            Column(row, '__id').as_('id'),
            row.create_uid.as_('create_uid'),
            row.create_date.as_('create_date'),
            row.write_uid.as_('write_uid'),
            row.write_date.as_('write_date'),
            row.id.as_('record'),
            Coalesce(row.write_uid, row.create_uid).as_('uid'),
            Coalesce(row.write_date, row.create_date).as_('at'),
            # A deletion is the one row without a creation.
            (row.create_date == Null).as_('deleted'),
            *(Column(row, name).as_(name) for name in cls._columns))


def models():
    "The classes this module registers"
    keeping = [
        PoolMeta('Kept', (), {'__name__': name, '_history': True})
        for name in KEPT]
    reading = [
        type('History', (ChangeHistory,), {
                '__doc__': 'Change History of %s' % name,
                '__name__': 'change.history.%s' % name,
                '_source': name,
                'record': fields.Many2One(name, "Record"),
                })
        for name in READABLE]
    return [TimesheetLine, *keeping, *reading]
