package web

import (
	"strconv"

	"gangway/internal/engagement"
	"gangway/internal/review"
)

// maxFaulty is how many faults the list at the head of a page names.
const maxFaulty = 20

// faulty is what is wrong with one line of a form, with a link that leads to it.
type faulty struct{ Link, Title, Wrong string }

// faultyList is the list at the head of a page on which something is to be put right.
type faultyList struct {
	List []faulty
	More int // that are not named
}

func (l *faultyList) add(f faulty) {
	if len(l.List) == maxFaulty {
		l.More++
		return
	}
	l.List = append(l.List, f)
}

// faultyOf lists what is wrong with the lines of a form in the order in which they
// stand; nil: nothing is.
func faultyOf(points []engagement.Point, criteria []engagement.Criterion, wrongs map[string]string) *faultyList {
	if len(wrongs) == 0 {
		return nil
	}
	l := &faultyList{}
	for i, p := range points {
		if wrongs[p.ID] != "" {
			l.add(faulty{"#q" + strconv.Itoa(i) + "-a", cut(p.Title), wrongs[p.ID]})
		}
	}
	for i, c := range criteria {
		if wrongs[c.ID] != "" {
			l.add(faulty{"#s" + strconv.Itoa(i) + "-points", cut(c.Title), wrongs[c.ID]})
		}
	}
	return l
}

// faultyPoints is faultyOf for a checklist.
func faultyPoints(r *review.Request, wrongs map[string]string) *faultyList {
	if len(wrongs) == 0 {
		return nil
	}
	l := &faultyList{}
	for i, p := range r.Points {
		if wrongs[p.ID] != "" {
			l.add(faulty{"#p" + strconv.Itoa(i) + "-say", cut(p.Title), wrongs[p.ID]})
		}
	}
	return l
}

// faultyPages is faultyOf for a form page by page, with links to the lines where they
// stand; nil: nothing is wrong.
func faultyPages(request string, points []engagement.Point, wrongs map[string]string) *faultyList {
	l := &faultyList{}
	for i, page := range formPages(points) {
		for n := page[0]; n < page[1]; n++ {
			p := points[n]
			if wrongs[p.ID] == "" {
				continue
			}
			l.add(faulty{taskLink(request, formPageName(i)) + "#q" + strconv.Itoa(n) + "-a", cut(p.Title), wrongs[p.ID]})
		}
	}
	if len(l.List) == 0 {
		return nil
	}
	return l
}
