package workflows

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"gangway/internal/playbook"
	"gangway/internal/review"
)

// planted are what must never reach the engine: free text, names, addresses.
var planted = []string{"planted-name", "planted@example.org", "UPLANTEDSLACK", "planted reason", "planted clause text", "planted-address", "planted-delegate"}

// plantedIn names what a payload leaks.
func plantedIn(payload string) []string {
	var found []string
	for _, p := range planted {
		if strings.Contains(strings.ToLower(payload), strings.ToLower(p)) {
			found = append(found, p)
		}
	}
	return found
}

// Nothing that people wrote, are called or are reached at is in any payload: not
// in what processes are started with, nor in what activities are given and
// return, nor in Updates and their outcomes.
func TestNoFreeTextInAnyPayload(t *testing.T) {
	s := newStory(t, []string{"buyer-bo", "legal-lee", "backup-bo", "it-ida"}, []string{"intake", "contract"},
		stepOf(t, "check", "intake", seat("buyer")), reviewStepOf(t, seat("legal")))
	s.hearResults()
	for i := range s.rec.people {
		p := &s.rec.people[i]
		p.Name, p.Mail, p.Slack = "Planted-Name "+p.ID, "planted@example.org", "UPLANTEDSLACK"
	}
	s.know("legal-lee", func(p *playbook.Person) { p.Backups, p.Manager = []string{"backup-bo"}, "owner-ola" })
	s.in.Contract = s.text("v1", contractText(", planted clause text", ""))
	s.rec.lost = []string{"it-ida"}
	write := func(a *review.Answer) {
		a.Text = review.Text{Inside: "planted reason", Vendor: "planted reason"}
		a.From = review.Address{Channel: "mail", ID: "planted-address"}
		s.seen.inputs = append(s.seen.inputs, marshal(t, a))
	}
	writeAct := func(a *review.Act) {
		a.Text, a.From, a.ToID = review.Text{Inside: "planted reason"}, review.Address{Channel: "mail", ID: "planted-address"}, "planted-delegate"
		s.seen.inputs = append(s.seen.inputs, marshal(t, a))
	}
	s.on(1*time.Hour, func() { s.answer("buyer-bo", "check", review.Approve, write) })
	s.on(4*day, func() { s.answer("legal-lee", "review", review.Changes, write) })
	s.on(5*day, func() { s.answer("owner-ola", playbook.ChoreSend, playbook.Sent, write) })
	s.on(6*day, func() {
		s.act("contract/acme/1", "owner-ola", review.Submit, submit(s.text("v2", contractText(", planted clause text, ever", ""))), writeAct)
	})
	s.on(7*day, func() { s.apply("it-ida", func(p *playbook.Person) { p.Roles = []string{"legal"} }) })
	s.on(8*day, func() { s.act("contract/acme/1", "legal-lee", review.Recuse, s.about("review"), writeAct) })
	s.on(9*day, func() { s.answer("backup-bo", "review", review.Reject, write) })
	s.on(10*day, func() { s.act(s.in.Process, "owner-ola", review.Withdraw, writeAct) })
	s.play()
	all := append(s.seen.inputs, s.seen.results...)
	all = append(all, marshal(t, s.in), marshal(t, ContractInput{Common: s.in.Common, First: s.in.Contract}), marshal(t, s.state("contract/acme/1")))
	for id, o := range s.last {
		all = append(all, marshal(t, o), id)
	}
	if len(s.seen.inputs) < 20 || len(s.seen.results) < 10 {
		t.Errorf("only %d inputs and %d results were seen", len(s.seen.inputs), len(s.seen.results))
	}
	for _, payload := range all {
		if found := plantedIn(payload); len(found) > 0 {
			t.Errorf("%v in a payload: %.300s", found, payload)
		}
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("packing %T: %v", v, err)
	}
	return string(text)
}

// No type that crosses into the engine has room for a name, an address or text:
// the fields that could hold words are listed, each with what it holds.
func TestPayloadTypesHaveNoRoomForText(t *testing.T) {
	allowed := map[string]string{
		"playbook.Step.Title": "the playbook's words", "playbook.Step.Ask": "the playbook's words",
		"review.Request.Title": "the playbook's words", "review.Request.Ask": "the playbook's words",
		"review.Group.Name": "the playbook's words", "review.Act.Name": "a document's name: contract",
		"dossier.Detail.Name": "a document's name: contract", "calendar.Zone.Name": "a zone's name",
		"calendar.HolidaySet.Name": "a set's name", "calendar.Holiday.Name": "a public holiday's name",
		"engagement.Point.Title": "our own words", "engagement.Point.Ask": "our own words",
		"exit.Clause.Title":          "the playbook's words",
		"engagement.Criterion.Title": "the playbook's words", "engagement.Criterion.Ask": "the playbook's words",
		"engagement.Expiry.Name": "an id: of an item, a point, a seat", "exit.Matter.Name": "an id: of a step, a place, an asset",
		"engagement.Move.From": "a clause's reference", "review.Holder.From": "a person's id",
	}
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(x reflect.Type) {
		switch x.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(x.Elem())
		case reflect.Struct:
			if seen[x] || x.PkgPath() == "time" {
				return
			}
			seen[x] = true
			for i := range x.NumField() {
				f := x.Field(i)
				if f.Tag.Get("json") == "-" {
					continue
				}
				name := fmt.Sprintf("%s.%s", x, f.Name)
				for _, word := range []string{"Name", "Mail", "Slack", "Address", "Text", "Comment", "Reason", "Body", "Title", "Ask", "Phone", "From", "ToID"} {
					isText := f.Type.Kind() == reflect.String || f.Type == reflect.TypeFor[review.Text]() || f.Type == reflect.TypeFor[review.Address]()
					if f.Name == word && isText && allowed[name] == "" {
						t.Errorf("%s enters payloads and may hold what people wrote or are called", name)
					}
				}
				walk(f.Type)
			}
		}
	}
	for _, v := range []any{OnboardingInput{}, OnboardingResult{}, ContractInput{}, ContractResult{}, DPAInput{}, DPAResult{}, DiligenceInput{}, TierChange{}, PilotInput{}, PartResult{}, review.Answer{}, review.Act{}, review.Outcome{}, PeopleChange{}, Jump{}, Due{}, OversightInput{}, OversightResult{}, News{}, Interest{},
		ExitInput{}, ExitResult{}, ExitPartInput{}, ExitPartResult{}, PartNews{}, AftercareInput{}, exitNews{}, handedOver{}, replacementNews{}, gateNews{}} {
		walk(reflect.TypeOf(v))
	}
	acts := reflect.TypeOf(acts)
	for i := range acts.NumMethod() {
		m := acts.Method(i).Type
		for in := 2; in < m.NumIn(); in++ {
			walk(m.In(in))
		}
		for out := range m.NumOut() {
			walk(m.Out(out))
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d types were walked", len(seen))
	}
}
