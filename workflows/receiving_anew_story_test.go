package workflows

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/workflow"

	"gangway/internal/dossier"
	"gangway/internal/exit"
	"gangway/internal/playbook"
	"gangway/internal/review"
)

// learnsFor has parts done after ten days, of which a first run says that people of who
// comes after learnt the area and took the repository.
func (x *departure) learnsFor(vendor string) {
	for part, names := range map[playbook.Process][]string{exit.PartTransfer: {"area-1", "authors"}, exit.PartHandover: {"asset-1"}} {
		x.does[part] = func(ctx workflow.Context, in ExitPartInput) (ExitPartResult, error) {
			out := ExitPartResult{Result: ResultDone}
			if strings.HasSuffix(in.Process, "/1") {
				out.Theirs, out.Successor = names[:1], vendor
			}
			for _, name := range names[:max(1, len(names)-len(in.Before))] {
				m := lineOf(in.Process, part, exit.StateDone)
				m.ID, m.Name = in.Process+":"+name, name
				out.Matters = append(out.Matters, m)
			}
			return out, workflow.Sleep(ctx, 10*day)
		}
	}
}

// anew are the runs that receive something anew, as "process: what".
func (x *departure) anew() []string {
	var all []string
	for _, in := range x.started {
		for _, m := range in.Before {
			line := in.Process + ": " + m.ID
			for _, a := range in.Areas {
				line += " area " + a.ID
			}
			for _, a := range in.Assets {
				line += " asset " + a.ID
			}
			if in.Order.Successor != "" || in.Repositories != "" || slices.ContainsFunc(in.Steps, func(s playbook.Step) bool { return s.Does == exit.DoesAssets }) {
				line += " and more"
			}
			all = append(all, line)
		}
	}
	slices.Sort(all) // those that begin in one instant race
	return all
}

// certifiedNames are the matters of the parts that pass something over, as the certificate
// has them.
func (x *departure) certifiedNames(digest string) []string {
	x.t.Helper()
	var c exit.Certificate
	for _, text := range x.rec.papers {
		var this exit.Certificate
		if json.Unmarshal([]byte(text), &this) == nil && this.Case == exitID && len(this.Matters) > 0 {
			c = this
		}
	}
	if digest == "" || c.Case == "" {
		x.t.Errorf("there is no certificate behind %q", digest)
	}
	var all []string
	for _, m := range c.Matters {
		if m.Part == exit.PartTransfer || m.Part == exit.PartHandover {
			all = append(all, m.ID+" "+string(m.State))
		}
	}
	slices.Sort(all)
	return all
}

// Knowledge and assets have passed over to the next vendor's people, all of it is done, and
// only then that vendor's pilot fails: what they have is open again and received by us, each
// thing once, before anything is cut over. What others had received stays done.
func TestTheNextVendorFallsThroughWhenAllHasPassedOver(t *testing.T) {
	x := newReplaced(t)
	x.learnsFor("zeta")
	x.on(20*day, func() { x.gate(gateSigned) })
	x.on(40*day, func() {
		if got := x.anew(); len(got) > 0 || slices.Contains(x.begun(), "transfer/acme/2") {
			t.Errorf("%q are received anew, and nobody has fallen through", got)
		}
		x.gate(gateLost)
	})
	x.on(41*day, func() {
		if got, want := x.anew(), []string{"handover/acme/2: handover/acme/1:asset-1 asset asset-1", "transfer/acme/2: transfer/acme/1:area-1 area area-1"}; !slices.Equal(got, want) {
			t.Errorf("received anew: %q, want %q", got, want)
		}
		var opened []string
		for _, e := range x.rec.of(dossier.MatterSettled) {
			if d := e.Detail; slices.Contains(d.Values, exit.WhyNotComing) {
				opened = append(opened, d.Step+" "+d.Result)
			}
		}
		if want := []string{"handover/acme/1:asset-1 open", "transfer/acme/1:area-1 open"}; !slices.Equal(slices.Sorted(slices.Values(opened)), want) {
			t.Errorf("the record opens %q, want %q", opened, want)
		}
		x.act(exitID, "owner-ola", review.Settle, func(a *review.Act) { a.Name = string(exit.AfterInHouse) })
	})
	x.on(49*day, func() {
		if slices.Contains(x.stages(), "parallel") {
			t.Error("it goes on while nobody of ours knows the work")
		}
	})
	x.daily(day, nil)
	out := x.leave()
	if out.Result != ResultExited || len(x.anew()) != 2 {
		t.Errorf("got %+v; received anew: %q", out, x.anew())
	}
	want := []string{"handover/acme/2:asset-1 done", "transfer/acme/1:authors done", "transfer/acme/2:area-1 done"}
	if d := cmp.Diff(want, x.certifiedNames(out.Certificate)); d != "" {
		t.Errorf("the certificate has other lines: %s", d)
	}
}

// The vendor who comes does come: nothing is received twice.
func TestNothingIsReceivedAnewWhileTheNextVendorComes(t *testing.T) {
	x := newReplaced(t)
	x.learnsFor("zeta")
	x.on(20*day, func() { x.gate(gateSigned) })
	x.on(45*day, func() { x.gate(gateLive) })
	x.daily(day, nil)
	out := x.leave()
	if got := x.anew(); out.Result != ResultExited || len(got) > 0 {
		t.Errorf("got %+v; received anew: %q", out, got)
	}
}

// What the next vendor's people learnt is shown by the owner at once, from the material that
// is there: no session is set, and the vendor who goes is asked for nothing. Somebody judges
// it and the owner signs, as for whoever learns it first.
func TestTransferShownAnew(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1", Sessions: 2}})
	l.in.Order.Successor = ""
	l.in.Before = []exit.Matter{{ID: "transfer/acme/0:payroll", Part: exit.PartTransfer, Name: "payroll", State: exit.StateDone, By: "it-ida", Document: "sha256:shown"}}
	l.on(time.Hour, func() {
		if r := l.asks("owner-ola", "shown-payroll"); r.Receiver != "" || r.Given != nil {
			t.Errorf("the owner's request is %+v", r)
		}
		l.provides("owner-ola", "shown-payroll")
	})
	l.on(1*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(2*day, func() { l.answer("owner-ola", "received-payroll", review.Approve) })
	out := l.teaches()
	l.wantStates(out, ResultDone, "payroll done")
	if got, asked := l.sessions(), l.told("acme.1"); len(got) > 0 || len(asked) > 0 || out.Theirs != nil {
		t.Errorf("sessions %q are set, the vendor heard %q, theirs is %q", got, asked, out.Theirs)
	}
}

// What the owner shows will not do: then a session is set after all.
func TestTransferShownAnewAndNotWellEnough(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1"}})
	l.in.Order.Successor = ""
	l.in.Before = []exit.Matter{{ID: "transfer/acme/0:payroll", Name: "payroll", State: exit.StateDone}}
	l.on(time.Hour, func() { l.provides("owner-ola", "shown-payroll") })
	l.on(1*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Changes) })
	l.on(3*day+3*time.Hour, func() { l.records("owner-ola", "payroll", "") })
	l.on(4*day, func() { l.provides("owner-ola", "shown-payroll") })
	l.on(7*day, func() { l.answer("it-ida", "shown-payroll-accept", review.Approve) })
	l.on(8*day, func() { l.answer("owner-ola", "received-payroll", review.Approve) })
	l.wantStates(l.teaches(), ResultDone, "payroll done")
	if got := l.sessions(); len(got) != 2 {
		t.Errorf("the sessions are %q", got)
	}
}

// What the next vendor's people took is the owner's to take, on the word of who verified it;
// nobody hands it over or looks at it once more. Who verified it does not take it.
func TestHandoverTakenAnew(t *testing.T) {
	s := newHandover(t, "more")
	assets := append(assetsOf(exit.AssetDomain, "newco.1", "d-1"), assetsOf(exit.AssetLicence, "newco.1", "l-1")...)
	s.on(time.Hour, func() {
		s.wantAsked("take-domain", "take-licence")
		if r := s.open("take-domain"); r.Receiver != "" || !slices.Equal(r.Makers, []string{"it-ida"}) || r.Versions[0].Document != "sha256:d-1" {
			t.Errorf("it is asked as %+v", r)
		}
		s.answer("owner-ola", "take-domain", review.Approve)
		s.answer("owner-ola", "take-licence", review.Approve)
	})
	var out ExitPartResult
	in := ExitPartInput{Common: s.in.Common, Order: exit.Order{Mode: exit.ModePlanned}, Assets: assets}
	in.Process, in.Case = s.root, s.root
	for _, a := range assets {
		in.Before = append(in.Before, exit.Matter{ID: "handover/acme/0:" + a.ID, Name: a.ID, State: exit.StateDone, By: "it-ida", Document: "sha256:" + a.ID})
	}
	s.run(HandoverType, in.Process, in, &out)
	s.wantStates(out, ResultDone, "d-1 done", "l-1 done")
	for _, m := range out.Matters {
		if m.By != "it-ida" || m.Document != "sha256:"+m.Name || m.Answer == "" {
			t.Errorf("certified is %+v", m)
		}
	}
}

// A transfer says what people of who comes after have learnt, and nothing of what is ours.
func TestWhatTheNextVendorLearntIsSaid(t *testing.T) {
	l := newTransfer(t, []exit.Area{{ID: "payroll", Receiver: "newco.1"}, {ID: "tax", Receiver: "ops-ann"}}, "session", "material")
	l.on(time.Hour, func() { l.provides("newco.1", "shown-payroll"); l.provides("ops-ann", "shown-tax") })
	l.on(1*day, func() {
		l.answer("it-ida", "shown-payroll-accept", review.Approve)
		l.answer("it-ida", "shown-tax-accept", review.Approve)
	})
	l.on(2*day, func() {
		l.answer("newco.1", "received-payroll", review.Approve)
		l.answer("ops-ann", "received-tax", review.Approve)
	})
	if out := l.teaches(); !slices.Equal(out.Theirs, []string{"payroll"}) || out.Successor != "newco" {
		t.Errorf("theirs is %q of %q", out.Theirs, out.Successor)
	}
}

// A hand-over says what they have taken.
func TestWhatTheNextVendorTookIsSaid(t *testing.T) {
	s := newHandover(t, "more")
	s.know("newco.1", func(p *playbook.Person) { p.Roles, p.Employer = nil, "newco" })
	assets := append(assetsOf(exit.AssetDomain, "newco.1", "d-1"), assetsOf(exit.AssetLicence, "owner-ola", "l-1")...)
	s.on(1*day, func() { s.provides("acme.1", "hand-domain"); s.provides("acme.1", "hand-licence") })
	s.on(2*day, func() { s.provides("it-ida", "verify-domain"); s.provides("it-ida", "verify-licence") })
	s.on(3*day, func() {
		s.answer("newco.1", "take-domain", review.Approve)
		s.answer("owner-ola", "take-licence", review.Approve)
	})
	out := s.playHandover(assets, func(in *ExitPartInput) { in.Order.After, in.Order.Successor = exit.AfterReplaced, "newco" })
	if !slices.Equal(out.Theirs, []string{"d-1"}) || out.Successor != "newco" {
		t.Errorf("theirs is %q of %q", out.Theirs, out.Successor)
	}
}
