package assembly

import (
	"time"

	"gangway/config"
	"gangway/internal/calendar"
	"gangway/internal/playbook"
)

// library is the playbooks that ship and the calendars made for a case.
type library struct{}

func (library) Playbook(name string) (playbook.Playbook, []byte, error) {
	if name == "" {
		name = config.DefaultPlaybook
	}
	return config.Shipped(name)
}

func (library) Playbooks() []string { return config.Playbooks() }

func (library) Read(text []byte) (playbook.Playbook, error) {
	return config.ReadPlaybook("playbook.yaml", text)
}

func (library) Snapshot(people []playbook.Person, pb playbook.Playbook, from time.Time) (calendar.Snapshot, error) {
	return config.Snapshot(people, pb, from)
}
