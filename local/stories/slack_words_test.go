package stories

import (
	"testing"

	"gangway/internal/dossier"
	"gangway/internal/review"
	"gangway/internal/slack/slacktest"
)

// TestSlackWords: everything that can be typed after /vendor, and what can't.
func TestSlackWords(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{slack: func(o *slacktest.Options) {
		o.Users = append(o.Users, slacktest.User{ID: "U0NOBODY", Name: "nobody", RealName: "Nobody We Know"})
	}})
	s.slack.Whatever("cases", "ravi")
	tom, helen, nobody := s.person("tom"), s.person("helen"), s.slack.Person("nobody")
	o := s.onboard()
	helen.Expect(t, "Is this vendor needed?")
	for _, c := range []struct {
		who   slacktest.Person
		typed string
		words []string
	}{
		{tom, "", []string{"/vendor onboard", "/vendor waiting", "/vendor dossier"}},
		{tom, "help delegate", []string{"/vendor delegate"}},
		{tom, "approve brightwell-payroll", []string{"There is no word", "Answers are given on the card"}},
		{tom, "wating", []string{"Did you mean waiting?"}},
		{tom, "show", []string{"CASE is missing"}},
		{tom, "show 'Brightwell Payroll", []string{"A quote is opened and never closed"}},
		{tom, "cases", []string{"Brightwell Payroll Ltd.", "Under way, at need", "Waiting for Sponsor and Finance"}},
		{tom, "show brightwell-payroll", []string{"Brightwell Payroll Ltd.", "Under way"}},
		{tom, "show “Brightwell Payroll Ltd.”", []string{"Under way"}},
		{tom, "show " + o.id, []string{"Under way"}},
		{tom, "show nothing-of-the-kind", []string{"There is no case of that name"}},
		{tom, "waiting", []string{"Nothing waits for you"}},
		{helen, "WAITING", []string{"Is this vendor needed?", "Waiting for you"}},
		{tom, "dossier brightwell-payroll", []string{"A dossier never comes by chat", "fetch it, signed in"}},
		{tom, "delegate brightwell-payroll", []string{"othing"}},
		{nobody, "waiting", []string{"gangway does not know yet who you are", "Say who you are"}},
		{nobody, "cases", []string{"gangway does not know yet who you are"}},
	} {
		c.who.Slash(t, "/vendor", c.typed)
		c.who.Private(t, c.words...)
	}
	helen.Slash(t, "/vendor", "delegate brightwell-payroll")
	form := helen.Modal(t, "Delegate")
	form.Choose("To whom", "George Adeyemi").Date("Until the end of", nextWeek()).Submit(t)
	form.Gone(t)
	s.person("george").Expect(t, "Is this vendor needed?", "delegated by Helen Marsh")
}

// TestSlackOnboard: a case is opened from the form; what was typed stays where
// something is wrong.
func TestSlackOnboard(t *testing.T) {
	t.Parallel()
	s := newOffice(t, ways{})
	s.slack.Whatever("cases")
	tom := s.person("tom")
	tom.Slash(t, "/vendor", "onboard nonsense")
	tom.Private(t, "nonsense")
	tom.Slash(t, "/vendor", "onboard")
	form := tom.Modal(t, "Onboard a vendor")
	form.Fill("Vendor", "Kestrel & Sons <Ltd>").Fill("Service", "Deliveries by bicycle").Fill("Why is this vendor wanted?", "We have no bicycles.").
		Fill("Country", "GB").Fill("Website", "javascript:alert(1)").Fill("Cost a year", "about a lot").Choose("Which data does the vendor touch?", "None").
		Choose("Who owns the case?", "Maya Lindqvist").Choose("Who sponsors it?", "Helen Marsh").
		Choose("Do you have an interest of your own in this vendor?", "No").Submit(t)
	form.Wrong(t, "Cost a year", "Write a whole number")
	form.Holds(t, "Vendor", "Kestrel & Sons <Ltd>")
	form.Holds(t, "Which data does the vendor touch?", "None")
	form.Holds(t, "Who owns the case?", "Maya Lindqvist")
	form.Fill("Cost a year", "18 600").Fill("Currency", "GBP").Submit(t)
	form.Wrong(t, "Website")
	form.Holds(t, "Why is this vendor wanted?", "We have no bicycles.")
	form.Fill("Website", "https://kestrel.example").Submit(t)
	form = tom.Modal(t, "It has begun")
	form.Says(t, "The case is open")
	form.Close(t)
	card := s.person("helen").Expect(t, "Is this vendor needed?", "Kestrel & Sons <Ltd>", "Requested by", "Tom Okafor")
	var v dossier.CaseView
	o := &onboarding{h: s.house, id: "onboarding/kestrel-sons-ltd/1"}
	v = o.until("the case is open", func(v dossier.CaseView) bool { return len(v.Requests) > 0 })
	if v.Requester != "tom" || v.Owner != "maya" || v.Rehearsal {
		t.Errorf("the case is %+v", v)
	}
	home := tom.Home(t)
	home.Says(t, "You requested", "Kestrel & Sons <Ltd>")
	card.Offers(t, "Approve")
	o.act("maya", review.Act{Kind: review.Withdraw, Process: o.id})
	tom.Expect(t, "Withdrawn", "Is this vendor needed?")
	tom.Expect(t, "Kestrel", "withdrawn")
	card.Says(t, "Withdrawn")
}
