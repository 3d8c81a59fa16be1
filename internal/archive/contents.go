package archive

import (
	"fmt"
	"io"

	"gangway/internal/dossier"
)

// Contents reads the journal of a dossier, and gives what opens the histories that it
// names, for whoever replays them. It trusts the file: Verify it first. r is read until
// the last history was.
func Contents(r io.ReaderAt, size int64) ([]dossier.Line, func(dossier.Mention) (io.ReadCloser, error), error) {
	c, err := unsealed(r, size)
	if err != nil {
		return nil, nil, err
	}
	lines, err := c.journal()
	if err != nil {
		return nil, nil, err
	}
	type key struct{ process, run, digest string }
	paths := make(map[key]string)
	mentions := dossier.Mentions(lines)
	for i, path := range pathsOf(mentions) {
		m := mentions[i]
		paths[key{m.Process, m.Run, m.Digest}] = path
	}
	open := func(m dossier.Mention) (io.ReadCloser, error) {
		file, there := c.files[paths[key{m.Process, m.Run, m.Digest}]]
		if !there {
			return nil, fmt.Errorf("%s is not in the dossier", mentioned(m))
		}
		return file.open()
	}
	return lines, open, nil
}

// unsealed reads the container of a dossier that was verified.
func unsealed(r io.ReaderAt, size int64) (*check, error) {
	members, findings, err := readContainer(r, size)
	if err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		return nil, fmt.Errorf("opening a dossier that is not intact: %s", findings[0])
	}
	c := &check{files: make(map[string]member), sums: make(map[string]string)}
	for _, m := range members {
		c.files[m.path], c.paths = m, append(c.paths, m.path)
	}
	return c, nil
}

// journal reads the lines of such a dossier.
func (c *check) journal() ([]dossier.Line, error) {
	lines, whole, err := c.lines(journalPath)
	if err != nil {
		return nil, err
	}
	if !whole || len(lines) == 0 {
		return nil, fmt.Errorf("%s can't be read", journalPath)
	}
	return lines, nil
}
