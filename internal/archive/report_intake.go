package archive

import (
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"gangway/internal/engagement"
	"gangway/internal/playbook"
)

// intakeName is what the intake is called among the documents of a case.
const intakeName = "intake"

// intake says what the vendor was wanted for, or why they are left, in the words of who
// asked. They stand in a document of the dossier; once that is erased, or where it cannot be
// read as an intake, the page says nothing of it.
func (p reporter) intake() []reportFact {
	var i playbook.Intake
	if !p.readIntake(&i) {
		return nil
	}
	var facts []reportFact
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, reportFact{name, visible(cut(value, 4000))})
		}
	}
	add("Service", i.Vendor.Service)
	add("In short", i.Summary)
	add(p.reasonOf(), i.Reason)
	add("In-house alternative", i.Alternative)
	add("What success is", strings.Join(i.Success, "\n"))
	if i.YearlyCost != 0 {
		add("Yearly cost", strings.TrimSpace(strconv.Itoa(i.YearlyCost)+" "+i.Currency))
	}
	if i.BaselineCost != nil {
		add("Cost today", strings.TrimSpace(strconv.Itoa(*i.BaselineCost)+" "+i.Currency))
	}
	switch i.Interest {
	case engagement.No:
		add("The requester's own interest", "none, they say")
	case engagement.Yes:
		add("The requester's own interest", "declared: "+i.WhichInterest)
	}
	var taught []string
	for _, t := range i.Taught {
		taught = append(taught, t.Sentence()+" ("+t.Exit+")")
	}
	add("What leaving others taught", strings.Join(taught, "\n"))
	add("Data touched", strings.Join(i.Data, ", "))
	add("Systems touched", strings.Join(i.Systems, ", "))
	return facts
}

// reasonOf is what the reason of the intake is the reason of.
func (p reporter) reasonOf() string {
	switch {
	case strings.HasPrefix(p.view.ID, "exit/"):
		return "Left because"
	case strings.HasPrefix(p.view.ID, "drill/"):
		return "Rehearsed because"
	}
	return "Wanted because"
}

func (p reporter) readIntake(i *playbook.Intake) bool {
	for _, d := range p.view.Documents {
		at := slices.IndexFunc(p.c.papers, func(x paper) bool { return d.Name == intakeName && x.digest == d.Document })
		if at < 0 {
			continue
		}
		r, err := p.c.papers[at].open()
		if err != nil {
			return false
		}
		text, err := io.ReadAll(io.LimitReader(r, engagement.MaxDocument))
		_ = r.Close() // only read
		return err == nil && json.Unmarshal(text, i) == nil
	}
	return false
}
