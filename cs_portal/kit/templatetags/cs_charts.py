"""``{{ chart.note|legend }}``: what a chart's marks mean, as pairs of mark and name."""

from django import template

from cs_portal.kit.charts import legend_of

register = template.Library()
register.filter("legend", legend_of)
