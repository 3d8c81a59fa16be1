package stories

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gangway/internal/dossier"
	"gangway/internal/engagement"
	"gangway/internal/playbook"
	"gangway/workflows"
)

// TestTheSameEngagementAgain: whoever wants a vendor that is on its way on board already
// is told where, in the same words on the command line, over the pages' API and in
// Slack. Another service of the same vendor is an engagement of its own.
func TestTheSameEngagementAgain(t *testing.T) {
	t.Parallel()
	s := newPremises(t)
	text := string(example(t, "vendor.yaml"))
	s.puts("contract.md", example(t, "contract.md"))
	s.puts("vendor.yaml", []byte(strings.Replace(text, "deputy: tom\n", "", 1)))
	first := strings.TrimSpace(s.gangway("tom", "onboard", "vendor.yaml", "--playbook", "whole", "--rehearsal").ends(0).out)

	const says, hint = "is being taken on board already, in onboarding/brightwell-payroll/1", "another service of theirs is an engagement of its own"
	s.gangway("tom", "onboard", "vendor.yaml", "--playbook", "whole", "--rehearsal").refuses(1, says, hint)
	i := playbook.Intake{ID: "intake-" + freshID(), Vendor: engagement.Vendor{Name: "Brightwell Payroll", Service: "payroll"}, Reason: "we need it",
		Data: []string{"none"}, Owner: "maya", Sponsor: "helen", Interest: engagement.No, Playbook: "whole"}
	err := s.calls.call(http.MethodPost, "/api/open", "ravi", i, nil)
	if err == nil || !strings.Contains(err.Error(), "422") || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), hint) {
		t.Errorf("the pages' API says %v", err)
	}
	jonas := s.slack.Person(slackID("jonas"))
	jonas.Slash(t, "/vendor", "onboard")
	form := jonas.Modal(t, "Onboard a vendor")
	form.Fill("Vendor", "Brightwell Payroll").Fill("Service", "Payroll").Fill("Why is this vendor wanted?", "It is late every month.").
		Choose("Which data does the vendor touch?", "None").Choose("Who owns the case?", "Maya Lindqvist").Choose("Who sponsors it?", "Helen Marsh").
		Choose("Do you have an interest of your own in this vendor?", "No").Submit(t)
	form.Wrong(t, "Vendor", says, hint)
	form.Close(t)

	pensions := strings.NewReplacer("deputy: tom\n", "", "name: Brightwell Payroll Ltd.\n  slug: brightwell-payroll\n", "name: Brightwell Payroll (pensions)\n").Replace(text)
	s.puts("pensions.yaml", []byte(pensions))
	second := strings.TrimSpace(s.gangway("tom", "onboard", "pensions.yaml", "--playbook", "whole", "--rehearsal").ends(0).out)
	if first != "onboarding/brightwell-payroll/1" || second != "onboarding/brightwell-payroll-pensions/1" {
		t.Errorf("the cases are %s and %s", first, second)
	}
}

// TestVendorsAreAdopted: vendors who work already come from a file. What it knows is
// watched and not reviewed here; what it lacks is owed by the owner; and after half a
// year somebody is asked to look at one of tier 1.
func TestVendorsAreAdopted(t *testing.T) {
	t.Parallel()
	s := newPremises(t)
	ends := time.Now().AddDate(3, 0, 0).Format(time.DateOnly)
	s.puts("contract.md", example(t, "contract.md"))
	s.puts("vendors.csv", []byte("vendor,service,owner,sponsor,data,yearly_cost,contract_file,contract_end,notice_days,contacts,certificates,source\n"+
		"Heron Couriers,deliveries,maya,helen,payment,,contract.md,"+ends+",90,Ann Archer <ann@heron.example>,ISO 27001 until "+ends+",the register of 2025\n"+
		"Kestrel Cleaning,cleaning,maya,helen,none,,,,,,,the register of 2025\n"))
	s.mail.Whatever("ann@heron.example")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal", "--dry-run").ends(0, "heron-couriers", "kestrel-cleaning", "nothing was done")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "oversight/heron-couriers/1", "oversight/kestrel-cleaning/1", "nothing of it was reviewed here")
	s.gangway("tom", "adopt", "vendors.csv", "--playbook", "whole", "--rehearsal").ends(0, "all of it was known")

	o := &onboarding{h: s.house, id: "oversight/heron-couriers/1"}
	v := o.until("what is known is watched", func(v dossier.CaseView) bool { return len(v.Watched) >= 3 })
	for _, w := range v.Watched {
		if w.Kind != engagement.ExpiryGap && w.Kind != engagement.ExpiryReview && !w.Unreviewed {
			t.Errorf("%s counts as reviewed here: %+v", w.Name, w)
		}
	}
	(&onboarding{h: s.house, id: "oversight/kestrel-cleaning/1"}).until("the other is watched too", func(v dossier.CaseView) bool { return len(v.Watched) > 0 })
	o.until("the owner owes what is lacking", func(dossier.CaseView) bool { return len(o.waits("maya")) > 0 })
	s.gangway("maya", "show", o.id).ends(0, "owed", workflows.GapExitPlan, "not reviewed here", ends)
	s.gangway("maya", "watch").ends(0, "kestrel-cleaning", "heron-couriers")
	s.gangway("maya", "cases").ends(0, "oversight/heron-couriers/1", "oversight/kestrel-cleaning/1")

	i := s.intakeOf("Heron Couriers")
	if _, err := s.Desk.Open(context.Background(), i); err == nil || !strings.Contains(err.Error(), "is on board already, and watched in oversight/heron-couriers/1") {
		t.Errorf("a vendor who works already is taken on board: %v", err)
	}

	began := o.view().Opened
	review := func() bool {
		return slices.ContainsFunc(o.open(), func(a asked) bool { return strings.Contains(a.Step, string(engagement.ExpiryReview)) })
	}
	for range 60 {
		next := o.quiet()
		if review() || next.IsZero() {
			break
		}
		if err := s.Rehearse(o.id).Jump(context.Background(), next); err != nil {
			t.Fatalf("jumping to %s: %v", next, err)
		}
	}
	if now := o.now(); !review() || now.Before(began.AddDate(0, 5, 0)) || now.After(began.AddDate(0, 7, 0)) {
		t.Errorf("on %s, adopted on %s: nobody looks at the vendor\n%s", now, began, describe(o.view()))
	}
}

// intakeOf is an intake of a vendor by its name.
func (s *premises) intakeOf(name string) playbook.Intake {
	i := playbook.Intake{ID: "intake-" + freshID(), From: as("tom"), Vendor: engagement.Vendor{Name: name, Service: "deliveries"}, Reason: "we need it",
		Data: []string{"none"}, Owner: "maya", Sponsor: "helen", Playbook: "standard", Rehearsal: true}
	return i
}
