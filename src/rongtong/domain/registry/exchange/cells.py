"""What stands in a cell of a file that leaves the house or comes in."""

HIDDEN = "（无权查看）"
"""Stands in an export where the reader may not see the value; an import leaves such a value as it is."""

SKIPPED = "示例（导入时跳过）"
"""In the column of external ids it marks the sample line of a template."""
