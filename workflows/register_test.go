package workflows

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"gangway/activities"
)

// names is a registry that only remembers.
type names struct {
	worker.Registry
	workflows, activities []string
	methods               []string
}

func (n *names) RegisterWorkflowWithOptions(_ any, o workflow.RegisterOptions) {
	n.workflows = append(n.workflows, o.Name)
}

func (n *names) RegisterActivityWithOptions(a any, o activity.RegisterOptions) {
	n.activities = append(n.activities, o.Name)
	full := runtime.FuncForPC(reflect.ValueOf(a).Pointer()).Name()
	n.methods = append(n.methods, strings.TrimSuffix(full[strings.LastIndex(full, ".")+1:], "-fm"))
}

// Every exported method of Activities is an activity, under the name that it has
// in histories; every process is registered.
func TestEverythingIsRegisteredUnderItsName(t *testing.T) {
	var n names
	Register(&n, &activities.Activities{})
	if want := []string{"Onboarding", "Exit", "ContractReview", "DPACollection", "Pilot", "DueDiligence", "Revocation", "DataReturn", "Aftercare", "Oversight", "KnowledgeTransfer", "AssetHandover"}; !slices.Equal(n.workflows, want) {
		t.Errorf("workflows %v, want %v: these names live in histories", n.workflows, want)
	}
	if want := []string{"Record", "Number", "Seat", "Show", "Compare", "Examine", "GrantAccess", "RemoveAccess", "ListAccess", "Roster", "Inventory", "Cut", "OpenReturned", "Invite", "InviteSession", "Calendar", "Erase", "PlanExit", "Certify", "Foresee", "GiveUp", "KeepRepositories", "RestoreRepositories", "TransferRepositories", "RepositoriesStand", "Authors"}; !slices.Equal(n.activities, want) {
		t.Errorf("activities %v, want %v: these names live in histories", n.activities, want)
	}
	if !slices.Equal(n.activities, n.methods) {
		t.Errorf("names %v stand for methods %v", n.activities, n.methods)
	}
	x := reflect.TypeFor[*activities.Activities]()
	for i := range x.NumMethod() {
		if m := x.Method(i).Name; !slices.Contains(n.methods, m) {
			t.Errorf("%s is exported and not registered", m)
		}
	}
}

// A real worker takes the registration: signatures are right and no name is
// taken twice. Nothing is dialled.
func TestARealWorkerTakesTheRegistration(t *testing.T) {
	c, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:1", Logger: quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	Register(worker.New(c, TaskQueue, worker.Options{DisableRegistrationAliasing: true}), &activities.Activities{})
	RegisterWorkflows(worker.New(c, TaskQueue, worker.Options{DisableRegistrationAliasing: true}))
}
