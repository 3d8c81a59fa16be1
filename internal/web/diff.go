package web

import (
	"slices"
	"strings"

	"gangway/internal/engagement"
)

// maxDiff bounds the table of a word by word comparison: two clauses of 2,000
// words each. Longer ones are shown whole, old and new.
const maxDiff = 4_000_000

// diffWord is a run of words that stayed, went or came.
type diffWord struct {
	Text string
	Gone bool
	New  bool
}

// clauseChanges lists what is not as it was, in the order of the new version,
// then what is gone.
func clauseChanges(old, new []engagement.Clause, cmp engagement.Comparison) []changeView {
	back := map[string]string{}
	for _, m := range cmp.Moved {
		back[m.To] = m.From
	}
	was := map[string]engagement.Clause{}
	for _, c := range old {
		was[c.Ref] = c
	}
	var views []changeView
	for _, c := range new {
		v := changeView{Ref: c.Ref, Title: c.Title, Term: strings.HasPrefix(c.Ref, "def/")}
		before := c.Ref
		if from, moved := back[c.Ref]; moved {
			before = from
			v.Note = "was " + from
		}
		switch {
		case slices.Contains(cmp.New, c.Ref):
			v.What, v.Tone, v.Words, v.Note = "new", "good", []diffWord{{Text: c.Text, New: true}}, ""
		case slices.Contains(cmp.Changed, c.Ref):
			v.What, v.Tone, v.Words = "changed", "warn", wordDiff(was[before].Text, c.Text)
		case slices.Contains(cmp.Rebound, c.Ref):
			v.What, v.Tone, v.Words = "same words, other meaning", "quiet", []diffWord{{Text: c.Text}}
			v.Note = "a term or a number in it now stands for something else"
		default:
			continue
		}
		views = append(views, v)
	}
	for _, ref := range cmp.Gone {
		views = append(views, changeView{Ref: ref, Title: was[ref].Title, Term: strings.HasPrefix(ref, "def/"), What: "gone", Tone: "bad", Words: []diffWord{{Text: was[ref].Text, Gone: true}}})
	}
	return views
}

// wordDiff shows how one text became another, word by word.
func wordDiff(old, new string) []diffWord {
	a, b := strings.Fields(old), strings.Fields(new)
	var head, tail int
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	d := diff{}
	d.add(a[:head], false, false)
	midA, midB := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(midA)*len(midB) > maxDiff {
		d.add(midA, true, false)
		d.add(midB, false, true)
	} else {
		d.middle(midA, midB)
	}
	d.add(a[len(a)-tail:], false, false)
	return d.words
}

type diff struct{ words []diffWord }

// add appends words, joined to the run before where that is of the same sort.
func (d *diff) add(words []string, gone, new bool) {
	if len(words) == 0 {
		return
	}
	text := strings.Join(words, " ")
	if n := len(d.words); n > 0 && d.words[n-1].Gone == gone && d.words[n-1].New == new {
		d.words[n-1].Text += " " + text
		return
	}
	d.words = append(d.words, diffWord{Text: text, Gone: gone, New: new})
}

// middle walks a longest common subsequence of the words.
func (d *diff) middle(a, b []string) {
	width := len(b) + 1
	lengths := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				lengths[i*width+j] = lengths[(i+1)*width+j+1] + 1
			} else {
				lengths[i*width+j] = max(lengths[(i+1)*width+j], lengths[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.add(a[i:i+1], false, false)
			i, j = i+1, j+1
		case lengths[(i+1)*width+j] >= lengths[i*width+j+1]:
			d.add(a[i:i+1], true, false)
			i++
		default:
			d.add(b[j:j+1], false, true)
			j++
		}
	}
	d.add(a[i:], true, false)
	d.add(b[j:], false, true)
}
