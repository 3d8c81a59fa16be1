package authorship

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// LogFormat is what git has to be asked for, after "git log": the oldest first, without
// merges and without the repository's own mail map, which its authors wrote.
func LogFormat() []string {
	return []string{"-z", "--reverse", "--no-merges", "--no-mailmap", "--find-renames", "--name-status", "--format=tformat:%x02%ae%x1f%an"}
}

// Author is who made a commit, as the commit says. Nobody checked it.
type Author struct{ Mail, Name string }

// Ledger counts who changed which file.
type Ledger struct {
	authors []Author
	known   map[Author]int
	files   map[string]*tally
	commits int
}

// tally is the history of one file.
type tally struct {
	creator int // an index of authors; nobody: it was there before the history begins
	changes map[int]int
}

const (
	nobody = -1
	// begins is the byte before each commit, between the two parts of its author.
	begins, between = "\x02", "\x1f"
	// mostToken bounds a path or a name, in bytes; git's own is 4096.
	mostToken = 1 << 16
)

// bad says that a log can't be read; it quotes nothing of it.
func bad(problem string) error {
	return errors.New("this is no log of git as it was asked for: " + problem)
}

// Count reads a log as LogFormat asks for it.
func Count(log io.Reader) (*Ledger, error) {
	l := &Ledger{known: map[Author]int{}, files: map[string]*tally{}}
	in := tokens{r: bufio.NewReaderSize(log, 1<<16)}
	by := nobody
	for {
		token, err := in.next()
		if errors.Is(err, io.EOF) {
			return l, nil
		}
		if err != nil {
			return nil, err
		}
		if header, is := strings.CutPrefix(token, begins); is {
			if by, err = l.author(header); err != nil {
				return nil, err
			}
			l.commits++
			continue
		}
		if by == nobody {
			return nil, bad("a change comes before any commit")
		}
		if err := l.change(strings.TrimPrefix(token, "\n"), by, &in); err != nil {
			return nil, err
		}
	}
}

// tokens reads what ends in a zero byte.
type tokens struct{ r *bufio.Reader }

func (t tokens) next() (string, error) {
	var text []byte
	for {
		part, err := t.r.ReadSlice(0)
		text = append(text, part...)
		switch {
		case len(text) > mostToken:
			return "", bad("a name is too long")
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(text) > 0:
			return "", bad("it ends in the middle")
		case err != nil:
			return "", err
		default:
			return string(text[:len(text)-1]), nil
		}
	}
}

// path is the next token, which has to name a file.
func (t tokens) path() (string, error) {
	name, err := t.next()
	if errors.Is(err, io.EOF) || err == nil && name == "" {
		return "", bad("a change names no file")
	}
	return name, err
}

func (l *Ledger) author(header string) (int, error) {
	mail, name, found := strings.Cut(header, between)
	if !found {
		return nobody, bad("a commit has no author")
	}
	a := Author{Mail: strings.ToLower(strings.TrimSpace(mail)), Name: strings.TrimSpace(name)}
	i, there := l.known[a]
	if !there {
		i = len(l.authors)
		l.authors = append(l.authors, a)
		l.known[a] = i
	}
	return i, nil
}

// change reads one change by its letter: a file was added, deleted, renamed, copied, or
// changed in whatever other way.
func (l *Ledger) change(status string, by int, in *tokens) error {
	if status == "" || status[0] < 'A' || status[0] > 'Z' || strings.Trim(status[1:], "0123456789") != "" {
		return bad("a change is of no kind")
	}
	name, err := in.path()
	if err != nil {
		return err
	}
	switch status[0] {
	case 'D':
		delete(l.files, name)
		return nil
	case 'R', 'C':
		to, err := in.path()
		if err != nil {
			return err
		}
		if status[0] == 'C' {
			l.files[to] = &tally{creator: by, changes: map[int]int{by: 1}}
			return nil
		}
		if t := l.files[name]; t != nil {
			delete(l.files, name)
			l.files[to] = t
		}
		name = to
	case 'A':
		if l.files[name] == nil {
			l.files[name] = &tally{creator: by, changes: map[int]int{}}
		}
	}
	t := l.files[name]
	if t == nil {
		t = &tally{creator: nobody, changes: map[int]int{}}
		l.files[name] = t
	}
	t.changes[by]++
	return nil
}

// Keep forgets files that are not among those that are there today: what a merge alone
// took away is in no commit that was read.
func (l *Ledger) Keep(there []string) {
	now := map[string]bool{}
	for _, name := range there {
		now[name] = true
	}
	for name := range l.files {
		if !now[name] {
			delete(l.files, name)
		}
	}
}

// Commits is how many were read.
func (l *Ledger) Commits() int { return l.commits }

// Authors are all who made a commit, in the order of their first.
func (l *Ledger) Authors() []Author { return l.authors }
