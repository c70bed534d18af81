"""Where a quote may begin and end: | marks the place."""

from __future__ import annotations

import pytest

from ogx_rdf.quotes.edges import is_edge, word_around

CUT = """in|effective;patient|'s;did|n't;doesn’|t;survival|12;(in)|effective;(non-)|small;[in]|effective;R|&D;R&|D
p.|V600E;p|.V600E;e.|g.;e|.g.;U.|S.;example.|com;example|.com;O'|Brien;s|CLU;m|RNA;snake|_case;snake_|case
CYP2C19|*2;in**|effective**;<i>in</i>|effective;a|\u0301;x\u0302|y;2|'-O-;2'|-O-;5|′-end;5′|-end;5′-|end
p16(INK4a)|positive;β|1;non-|small;non|-small;cost|-effective;cost-|effective;Kaplan|–Meier;Kaplan–|Meier
pre|- and;HER2|- and;HER2|−;ER|– and;CD4|+ cells;CD4|+;TGF-|β;TGF|-β;NF-|κB;12|-month;12-|month;21-|mer;IL-|6
PSA|–free;non\u2011|small;(ER)|-positive;non﹣|small;inhib|-\\nition;inhib-\\n|ition;inhib-|\\nition
in\u00ad|effective;in|\u00adeffective;in\u200b|effective;non- |small;1|5.8;15|.8;15.|8;0.|93;0|.93;0|·93;0·|93
0|,93;1|,022;1,|022;1\xa0|022;1|\xa0022;1\u202f|022;1 |022;12|/45;12/|45;12 |/ 45;12|:30;12:|30;1'|000;$|5;€|5
88|%;88|‰;88|％;37|°C;37°|C;12 mg|/kg;12 mg/|kg;mg|/dL;mL/|min;µ|g;10|mg;50%|+ men;a|_{1};“non”-|responder
51.|4;1|½;5|⁄8;-|1.5;−|1.5;− |1.5;−| 1.5
–|1.5;+|2;±|3;12|±3;<|0.05;>|2;≤|5;≥|30%;~|5;≈|55;<|=5;<=|5;P<|.001;P<.|001; .|05;-|.5;＜|0.05;10|⁻⁵
10⁻|⁵;m|²;CO|₂;CO₂|max;Ca²|⁺;10|^-5;10^|-5;10^-|5;10^{-|5};10^{|-5};10|<sup>-5</sup>;10<sup>|-5</sup>
10<sup>-5|</sup>;10<sup>9</sup>|L;IC|<sub>50</sub>;<|sup>9</sup>;1|.5e-5;1.5e|-5;1.5e-|5;1.5| × 10⁹;1.5 |× 10⁹
1.5 ×| 10⁹;1.5 × |10⁹;12|×5;12×|5;5|× ULN;0.79|–1.10;0.79–|1.10;0.79|-1.10;5%|–10%;5%–|10%;2010|—2015;[2|–4]
50| %;50 |%;50\xa0|%;10|(-5);10(|-5);10|(5) M;m|(2);5 mg/m|(2);Ca|(2+);1| 200 patients;1 |200 patients;∼|5
of \u00ad|5"""

EDGE = """the |word;word| the;word|.;word|, x;(word|);(|word;"|word;word|";“|word;word|”;'|word' x;'word|' x
patients|' x
|**word;word|** x;word**| x;**|word;<i>|word;word|</i> x;a| \u0301b;Results|Median OS;PURPOSE|To assess
Main outcome measures|Death;months|¹²;months|¹², x;AML|¹² x;survival.|¹²;survival.|The;survival|.The
survival |- the;survival|—the;survival—|the;survival|--the;survival--|the;docetaxel|+prednisone
docetaxel+|prednisone;with|/without;PI3K/|Akt;PI3K|/Akt;pre- |and post-;\\n–|Patients;\\n• |Patients
Docetaxel|/Prednisone;88%|.;88%|, x;88%| of;12| mg;5 mg/kg| x;5 mg/kg|.;was 45.|The;was 45|.The;trials,|3
trials.|3;trials|.3;p < |0.05;p = |0.05;p|=.05;p=|.05;=|0.05;P|<.001;n|=12;(n|>12);HR|:0.5;CI, |0·79
0.79 |to 1.10;0.79| – 1.10;0.79 – |1.10;0·79–1·10|);12.5| ± 3.1;drug|^[5]^;drug|^{[1]};drug.|^[5];text|[8]
text.|[8];[8]|The;(n = 12)| x;(|n = 12);(1)|the proportion;survival|.<sup>12</sup>;survival.|<sup>12</sup>
survival.<sup>12</sup>| The;years|<sup>2</sup>;10⁻⁵| M;10⁻⁵|.;10<sup>-5</sup>| M;10^-5|, x;of |−1.5;of |-1.5
IL-6|,;Ku70|,;0.93|\t0.79;0.93\t|0.79;|x;x|;36.5 ± |7.5;36.5| ± 7.5;36.5 ±| 7.5;2000| × g;2000 |× g;5 − |10 mg
5| − 10 mg;age-\\n|and sex;age-|\\nand sex
2015| 120 men;2015 |120 men;mean|±SD;mean±|SD;therapy|(12);12.\\n|3. Rowe;x| -\\ny;x -\\n|y;5 x| y;a.\\n\\n|B"""


def places(table: str) -> list[str]:
    return [case for line in table.split("\n") for case in line.split(";")]


# Places whose text has the separator itself.
MORE_EDGES = ["a|; b", "a; |b", "x\n\n|The", "The end.|\n"]


@pytest.mark.parametrize("case", [c.replace("\\n", "\n") for c in places(CUT)])
def test_a_cut(case: str) -> None:
    before, _, after = case.partition("|")
    assert not is_edge(before + after, len(before))


@pytest.mark.parametrize("case", [*(c.replace("\\n", "\n") for c in places(EDGE)), *MORE_EDGES])
def test_an_edge(case: str) -> None:
    before, _, after = case.partition("|")
    assert is_edge(before + after, len(before))


def test_far_away_characters_are_looked_for_behind_invisible_ones() -> None:
    text = "in" + "\u200b" * 500 + "effective"
    assert not any(is_edge(text, at) for at in range(2, len(text) - 8))


def test_the_word_around_a_place_is_shown_as_read() -> None:
    assert word_around("was in\u00adeffective in", 7) == "ineffective"
    assert word_around("an inhib-\nition of", 10) == "inhib-ition"
