package main

import (
	"fmt"
	"io"
)

// table prints what was measured and counts what missed its limit.
type table struct {
	out    io.Writer
	limits int
	missed int
}

// line is one number of gangway beside the bare engine's.
type line struct {
	what      string
	bare, own float64
	unit      string
	// ratio is gangway's to bare, where it is not that of the two numbers.
	ratio float64
	// most is the limit of a cost as a ratio to bare, least that of a rate; 0:
	// none. ceiling and floor are limits in the number's own unit.
	most, least, ceiling, floor float64
}

func (t *table) head(what string) {
	fmt.Fprintf(t.out, "\n%s\n%-44s %12s %12s %8s  limit\n", what, "", "bare", "gangway", "ratio")
}

func (t *table) add(l line) {
	ratio := l.ratio
	if ratio == 0 && l.bare > 0 {
		ratio = l.own / l.bare
	}
	verdict := ""
	judge := func(ok bool, text string, limit float64) {
		t.limits++
		verdict += fmt.Sprintf("  %s %g", text, limit)
		if !ok {
			t.missed++
			verdict += " MISSED"
		}
	}
	if l.most > 0 {
		judge(ratio <= l.most, "ratio ≤", l.most)
	}
	if l.least > 0 {
		judge(ratio >= l.least, "ratio ≥", l.least)
	}
	if l.ceiling > 0 {
		judge(l.own <= l.ceiling, "≤", l.ceiling)
	}
	if l.floor > 0 {
		judge(l.own >= l.floor, "≥", l.floor)
	}
	fmt.Fprintf(t.out, "%-44s %12s %12s %8s%s\n", l.what, number(l.bare, l.unit), number(l.own, l.unit), number(ratio, ""), verdict)
}

// must adds something that is so or not.
func (t *table) must(ok bool, what string, args ...any) {
	t.limits++
	verdict := "yes"
	if !ok {
		t.missed++
		verdict = "no  MISSED"
	}
	fmt.Fprintf(t.out, "%-60s %s\n", fmt.Sprintf(what, args...), verdict)
}

func number(x float64, unit string) string {
	if x == 0 {
		return "-"
	}
	text := fmt.Sprintf("%.2f", x)
	if x == float64(int64(x)) {
		text = fmt.Sprintf("%.0f", x)
	}
	if unit != "" {
		text += " " + unit
	}
	return text
}

// note prints something that has no limit.
func (t *table) note(format string, args ...any) { fmt.Fprintf(t.out, "  "+format+"\n", args...) }
