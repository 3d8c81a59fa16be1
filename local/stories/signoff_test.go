package stories

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"

	"gangway/internal/desk"
	"gangway/internal/dossier"
	"gangway/internal/payload"
	"gangway/internal/playbook"
	"gangway/internal/proof"
	"gangway/internal/review"
)

// What a sign-off may cost, against a workflow by hand that starts, tells
// people, takes three answers and tells them again: 2.2 times its 30 events and
// 3.5 kB. `make bench` holds the calls, and both beside the bare one.
const (
	mostEvents = 66
	mostBytes  = 7700
	mostStart  = 24 << 10
)

// signOff is a playbook of one step that three people answer.
type signOff struct{ shipped }

func (s signOff) Playbook(string) (playbook.Playbook, []byte, error) {
	text := []byte(`name: signoff
title: A sign-off
hours: {zone: Europe/London, week: Mon-Fri 09:00-17:00, holidays: england-and-wales}
roles: [finance, legal, security, sponsor]
data: [none, personal, payment]
tiers: [{tier: 2}]
stages: [gate]
steps:
  - id: gate
    stage: gate
    kind: decision
    title: May the vendor start?
    groups:
      - name: everybody
        rule: all
        seats:
          - {id: finance, role: finance}
          - {id: legal, role: legal}
          - {id: security, role: security}
    due: 3 working days
    remind: [1 working day, 2 working days]
    backup: 2 working days
    owner: 4 working days
chores: {due: 3 working days, remind: [1 working day]}
`)
	pb, err := s.Read(text)
	return pb, text, err
}

// TestASignOffIsCheap: events and bytes are exact on every machine.
func TestASignOffIsCheap(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	h := houseOn(t, ground{desk: func(h *house) *desk.Desk {
		return desk.New(h.Archive, h.client, signOff{}, unsealed{}, desk.Options{Log: quiet(), PickPerson: true})
	}})
	o := h.onboard(func(i *playbook.Intake) { i.Rehearsal, i.Contract = false, "" })
	for i, who := range []string{"ravi", "jonas", "daniel"} {
		o.answer(who, "gate", review.Approve) // one after the other: those that come together cost less
		o.until("the answer is in the record", func(v dossier.CaseView) bool { return len(v.Requests[0].Ballots) == i+1 })
	}
	v := o.until("it is live", func(v dossier.CaseView) bool { return v.State == dossier.Live })
	var raw history.History
	if !within(patience, func() bool {
		raw.Events = nil
		it := h.client.GetWorkflowHistory(ctx, o.id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for it.HasNext() {
			e, err := it.Next()
			if err != nil {
				t.Fatalf("reading the history: %v", err)
			}
			raw.Events = append(raw.Events, e)
		}
		return raw.Events[len(raw.Events)-1].EventType == enums.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
	}) {
		t.Fatal("the process never ends")
	}
	first := raw.Events[0].GetWorkflowExecutionStartedEventAttributes()
	start := proto.Size(first.GetInput())
	first.Input = &common.Payloads{}
	bytes := 0
	for _, e := range raw.Events {
		bytes += proto.Size(e)
	}
	t.Logf("%d events, %d bytes, started with %d", len(raw.Events), bytes, start)
	if len(raw.Events) > mostEvents || bytes > mostBytes || start > mostStart {
		t.Errorf("a sign-off costs %d events, %d bytes and %d to start, want at most %d, %d and %d",
			len(raw.Events), bytes, start, mostEvents, mostBytes, mostStart)
	}
	filed, err := proof.Fetch(ctx, h.client, o.id, v.Processes[0].Runs[0])
	if err != nil {
		t.Fatalf("fetching the history: %v", err)
	}
	text, err := proof.Pack(filed)
	if err != nil {
		t.Fatalf("packing the history: %v", err)
	}
	packed := base64.StdEncoding.EncodeToString([]byte(payload.Encoding))
	if strings.Contains(string(text), packed) {
		t.Error("a filed history needs gangway to be read")
	}
	for _, e := range raw.Events {
		if e.GetEventType() == enums.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED && !strings.Contains(e.String(), payload.Encoding) {
			t.Errorf("an answer lies unpacked in the engine: %s", e)
		}
	}
}
