"""What citizens answer when the hotline calls back."""

SATISFIED = {"满意", "非常满意", "很满意", "比较满意", "基本满意", "是", "true", "1", "y", "yes"}
UNSATISFIED = {"不满意", "非常不满意", "很不满意", "不太满意", "否", "false", "0", "n", "no"}
SOLVED = {"是", "已解决", "解决", "完全解决", "基本解决", "true", "1", "y", "yes"}
UNSOLVED = {"否", "未解决", "没有解决", "未能解决", "false", "0", "n", "no"}


def satisfied(word):
    """True, False, or None for what is neither (未评价, 一般)."""
    return _either(word, SATISFIED, UNSATISFIED)


def solved(word):
    """True, False, or None for what is neither (部分解决)."""
    return _either(word, SOLVED, UNSOLVED)


def _either(word, yes, no):
    word = word.lower()
    return True if word in yes else False if word in no else None
