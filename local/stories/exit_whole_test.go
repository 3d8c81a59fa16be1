package stories

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
	"gangway/workflows"
)

// TestGoldenExit is a whole life: a small vendor is taken on board, works, and is left on the command
// line, with the exit's own parts on the real engine and a real look at GitHub. What
// GitHub shows to nobody is waived by name. The dossier of the exit verifies, and the
// code does again what its histories say. With GANGWAY_RECORD=1 these are written to the
// workflows' testdata.
func TestGoldenExit(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t), rehearsal: true}
	contract := s.wants()
	s.needed()
	s.sworn()
	s.agreed(contract)
	s.speaks()
	s.o.sealed(dossier.Live)
	watch := s.o.overseen()
	watch.quiet()

	by := watch.now().AddDate(0, 5, 0).Format(time.DateOnly)
	s.gangway("maya", "exit", "brightwell-payroll-ltd", "--in-house", "--by", by, "--mode", "planned", "--reason", "we do it ourselves", "--confirm", "Brightwell").ends(1, "is not the vendor's name; type Brightwell Payroll Ltd")
	done := s.gangway("maya", "exit", "brightwell-payroll-ltd", "--in-house", "--by", by, "--mode", "planned", "--reason", "we do it ourselves", "--confirm", "brightwell-payroll-ltd").ends(0, "")
	o := &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
	s.leaves(o)
	v := o.sealed("exited")
	if v.Closed.Before(v.Opened.AddDate(0, 0, 30)) {
		t.Errorf("it ended on %s, before anybody looked again", v.Closed)
	}
	for _, p := range v.Processes {
		for _, run := range p.Runs {
			o.keep("exit", p.ID, run)
		}
	}
	o.replayed()
	if v := watch.until("its oversight is over", func(v dossier.CaseView) bool { return !v.Closed.IsZero() }); v.Closed.IsZero() {
		t.Errorf("the vendor is off, and still watched")
	}
	s.caredFor(v)
}

// leaves has everybody answer what an exit asks, until it is over.
func (s *small) leaves(o *onboarding) {
	s.t.Helper()
	for range 600 {
		next := o.quiet()
		if v := o.view(); !v.Closed.IsZero() {
			return
		}
		answered := false
		for _, r := range o.open() {
			answered = s.partsWith(o, r) || answered
		}
		switch {
		case answered:
		case next.IsZero():
			s.t.Fatalf("nobody is asked anything, and no day is waited for\n%s", describe(o.view()))
		default:
			if err := s.Rehearse(o.id).Jump(context.Background(), next); err != nil {
				s.t.Fatalf("jumping to %s: %v", next, err)
			}
		}
	}
	s.t.Fatalf("the exit does not end\n%s", describe(o.view()))
}

// partsWith lets one of those answer who are asked by an exit.
func (s *small) partsWith(o *onboarding, r asked) bool {
	s.t.Helper()
	who, is := r.next(o.now())
	if !is {
		return false
	}
	person, f := o.sound().parts(r.Request, who)
	f.ID = "web-" + freshID()
	out, err := s.Desk.Answer(context.Background(), f.Answer(as(person), time.Now()))
	o.accepts(out, err, r, who)
	return true
}

// parts is a sound answer to what an exit asks, and who gives it. What the vendor sends
// comes by post, and what nobody can see or say is waived.
func (s sounding) parts(r *review.Request, who asker) (string, review.Form) {
	s.own["account-1-login"], s.own["asset-1-kind"] = "nadia-rahman", string(exit.AssetDomain)
	s.own[exit.PointTaught] = exit.LessonWords(exit.LessonIncident)
	q := *r
	if q.Step == "data-returned" { // the data themselves, and not where they are fetched
		q.Points = slices.Clone(q.Points)
		for i := range q.Points {
			q.Points[i].Optional = q.Points[i].Optional && q.Points[i].Kind != engagement.PointFile
		}
	}
	person, f := s.answers(&q, who)
	if strings.HasPrefix(r.Step, playbook.ChoreSettle) && slices.Contains(r.Options, playbook.Waive) {
		f.Verdict = playbook.Waive
	}
	return person, f
}

// TestAnAdoptedVendorIsLeft: a vendor of tier 1 who never was taken on board here is left
// by what the file said of them. Their plan is written first; what they know is learned,
// and what they have comes back. Whoever is asked for the same next has to say what a
// vendor of tier 1 says, for there was an incident; whoever does something else has not.
func TestAnAdoptedVendorIsLeft(t *testing.T) {
	t.Parallel()
	s := &small{premises: newPremises(t)}
	ends := time.Now().AddDate(3, 0, 0).Format(time.DateOnly)
	s.puts("contract.md", example(t, "contract.md"))
	s.puts("vendors.csv", []byte("vendor,service,owner,sponsor,data,contract_file,contract_end,notice_days,contacts,source\n"+
		"Heron Couriers,deliveries,maya,helen,payment,contract.md,"+ends+",90,Ann Archer <ann@heron.example>,the register of 2025\n"))
	s.mail.Whatever("ann@heron.example")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "oversight/heron-couriers/1")
	watch := &onboarding{h: s.house, id: "oversight/heron-couriers/1"}
	watch.until("what is known is watched", func(v dossier.CaseView) bool { return len(v.Watched) >= 3 })
	done := s.gangway("tom", "exit", "heron-couriers", "--ends", "--by", time.Now().AddDate(0, 8, 0).Format(time.DateOnly), "--mode", "planned",
		"--reason", "nobody needs it any more", "--confirm", "Heron Couriers").ends(0, "")
	o := &onboarding{h: s.house, id: strings.TrimSpace(done.out)}
	s.leaves(o)
	v := o.sealed("exited")
	for _, part := range []string{"transfer", "handover", "revocation", "data-return"} {
		if !slices.ContainsFunc(v.Processes, func(p dossier.ProcessView) bool {
			return strings.HasPrefix(p.ID, part+"/") && p.Result == workflows.ResultDone
		}) {
			t.Errorf("its %s is not done: %+v", part, v.Processes)
		}
	}
	o.replayed()
	for file, service := range map[string]string{"kestrel.yaml": "Our Deliveries", "cleaners.yaml": "cleaning"} {
		s.puts(file, []byte("vendor: {name: Next in "+file+", service: "+service+"}\nreason: They come well recommended.\ndata: [none]\nyearly-cost: 4000\ninterest: no\nowner: maya\n"))
	}
	s.gangway("tom", "onboard", "kestrel.yaml", "--playbook", "whole", "--rehearsal").refuses(1, "a vendor of tier 1 needs it")
	s.gangway("tom", "onboard", "cleaners.yaml", "--playbook", "whole", "--rehearsal").ends(0)
}
