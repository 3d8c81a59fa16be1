package playbook

// Reserved is a case whose number was given out and that still has to be
// started. Input is what it will be started with, as its starter wrote it.
type Reserved struct {
	Case  string
	Input []byte
}
