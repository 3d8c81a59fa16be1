package assembly

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Notice is the file local.json in a data folder, by which the command line
// finds the inbox that runs with it.
type Notice struct {
	URL string `json:"url"`
	PID int    `json:"pid"`
	// Engine is the frontend's address, UI the engine's own pages, Mailbox where
	// the mails of a local are read, Slack where people click in its workspace, GitHub
	// where they accept invitations.
	Engine  string `json:"engine,omitempty"`
	UI      string `json:"ui,omitempty"`
	Mailbox string `json:"mailbox,omitempty"`
	Slack   string `json:"slack,omitempty"`
	GitHub  string `json:"github,omitempty"`
}

// Announce writes the notice, whole or not at all; gone takes it away again. A
// stale one only makes the command line try a port that nobody listens on.
func Announce(dir string, n Notice) (gone func(), err error) {
	n.PID = os.Getpid()
	text, err := json.MarshalIndent(n, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("packing where the inbox is: %w", err)
	}
	text = append(text, '\n')
	file := filepath.Join(dir, "local.json")
	if err := replace(file, text); err != nil {
		return nil, fmt.Errorf("writing where the inbox is: %w", err)
	}
	return func() {
		now, err := os.ReadFile(file)
		if err == nil && bytes.Equal(now, text) { // another may have announced itself since
			_ = os.Remove(file)
		}
	}, nil
}

// replace puts text in file's place, for its owner's eyes. The draft has a name
// of its own each time: workers of one data folder start in the same moment, and
// with a common draft one of them would find it already moved away. Nor would
// their process ids do, which are all 1 where each is alone in a container.
func replace(file string, text []byte) error {
	draft, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".new-*") // 0600
	if err != nil {
		return fmt.Errorf("beginning a draft: %w", err)
	}
	_, err = draft.Write(text)
	err = errors.Join(err, draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), file)
	}
	if err != nil {
		_ = os.Remove(draft.Name()) // what is left of it, if anything
		return fmt.Errorf("moving a draft into place: %w", err)
	}
	return nil
}
