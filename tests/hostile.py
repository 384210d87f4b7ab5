"""What people may type that a program could take for something else."""

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "'=1+1",
    '"=1+1',
    "＝1+1",
    '=HYPERLINK("http://example.com","см.")',
    "=cmd|' /C calc'!A0",
    "дорого;=1+1",
    'дорого,"=1+1',
    "дорого\t@SUM(1)",
    "дорого\n=1+1\n+7;-1+1",
)
MARKUP = (
    "<script>alert(1)</script>",
    "</text><image href='http://example.com/x.png'/>",
    '"><svg onload=alert(1)>',
    "]]><!-- & &amp; &#60;b&#62;",
    "{{ 7*7 }}{% raw %}",
    "_x003D_1+1",
    "\u202eотзыв\u202c \u200b\ufeff\u2060",
    "👍🏽 漢字 العربية",
    "https://example.com/long",
    "ы" * 4_096,
)
WORDS = (*FORMULAS, *MARKUP)
