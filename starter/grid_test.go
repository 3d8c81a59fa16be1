package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestGridAlignsWideCharacters(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	g := newGrid("  ", "NAME", "ROLE", "NOTE")
	g.add("山田 空", "legal", "wide")
	g.add("Zoe\u0301", "finance", "a mark on the letter before")
	g.add("ann", "", strings.Repeat("long ", 20))
	g.print(&terminal{w: &b})
	want := "  NAME     ROLE     NOTE\n" +
		"  山田 空  legal    wide\n" +
		"  Zoe\u0301      finance  a mark on the letter before\n" +
		"  ann               " + strings.TrimSpace(strings.Repeat("long ", 20)) + "\n"
	if got := b.String(); got != want {
		t.Errorf("the table is\n%s\nwant\n%s", got, want)
	}
}

func TestGridCutsAllButTheLast(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	g := newGrid("", "NAME", "NOTE")
	g.add(strings.Repeat("漢", 10_000), "x")
	g.print(&terminal{w: &b})
	row := strings.Split(b.String(), "\n")[1]
	name, _, _ := strings.Cut(row, "…")
	if columns(name) > mostCell || columns(name) < mostCell-2 || !strings.HasSuffix(row, "x") {
		t.Errorf("the row is %d columns wide: %s", columns(row), row)
	}
}

func TestGridWithoutRowsSaysNothing(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	newGrid("", "NAME").print(&terminal{w: &b})
	if b.Len() > 0 {
		t.Errorf("printed %q", b.String())
	}
}

func TestGridStyles(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	g := newGrid("", "STATE", "X")
	g.add("live", "1")
	g.style(0, styleGood)
	g.print(&terminal{w: &b, color: true})
	if want := "\x1b[1mSTATE\x1b[0m  \x1b[1mX\x1b[0m\n\x1b[32mlive\x1b[0m   1\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		text string
		most int
		want string
	}{{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"漢字", 4, "漢字"}, {"漢字漢", 4, "漢…"}, {"", 3, ""}} {
		if got := cut(x.text, x.most); got != x.want {
			t.Errorf("cut(%q, %d) = %q, want %q", x.text, x.most, got, x.want)
		}
	}
}
