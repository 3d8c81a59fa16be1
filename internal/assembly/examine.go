package assembly

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that the archive uses too

	"gangway/config"
)

// Tell prints findings, each with what to do about it, and counts the faults.
func Tell(w io.Writer, found []Finding) (faults int) {
	for _, f := range found {
		if f.Err == nil {
			fmt.Fprintf(w, "ok     %s: %s\n", f.Part, f.Said)
			continue
		}
		faults++
		fmt.Fprintf(w, "wrong  %s: %s\n", f.Part, indented(f.Err.Error()))
		var hinted interface{ Hint() string }
		if errors.As(f.Err, &hinted) {
			fmt.Fprintf(w, "       do: %s\n", indented(hinted.Hint()))
		}
	}
	return faults
}

func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n       ") }

// Examine tries what a deployment names besides the engine: data folder and
// database, keys, people, mail server, Slack, GitHub and public address. It changes
// nothing and sends nothing that anybody sees.
func Examine(ctx context.Context, d config.Deployment) []Finding {
	found := []Finding{dataFolder(d.Data), database(ctx, d.Database), keysFolder(d), peopleFile(d.People), mailServer(ctx, d), mailboxThere(ctx, d)}
	found = append(found, documentTools(ctx, d.Documents)...)
	found = append(found, publicAddress(ctx, d.Address))
	found = append(found, slackApp(ctx, d)...)
	return append(found, githubOrganisation(ctx, d.GitHub)...)
}

func dataFolder(dir string) Finding {
	found := Finding{Part: "data", Said: dir}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		found.Said = dir + ", which is made at the first start"
	case err != nil:
		found.Err = hintedError{fmt.Errorf("looking at the data folder: %w", err), "whoever runs the worker must own it"}
	case !info.IsDir():
		found.Err = hintedError{fmt.Errorf("the data folder %s is no folder", dir), "name another one: data"}
	default:
		f, err := os.CreateTemp(dir, ".doctor-*")
		if err == nil {
			err = errors.Join(f.Close(), os.Remove(f.Name()))
		}
		if err != nil {
			found.Err = hintedError{fmt.Errorf("writing into the data folder: %w", err), "whoever runs the worker must own it, and its disk must have room"}
		}
	}
	return found
}

// database tries to sign in; the record's own checks come at the start.
func database(ctx context.Context, url config.Secret) Finding {
	if !url.Given() {
		return Finding{Part: "database", Said: "SQLite in the data folder, for workers of this machine"}
	}
	found := Finding{Part: "database"}
	db, err := sql.Open("pgx", url.Value())
	if err != nil { // the driver's words could quote a password that it did not recognise
		found.Err = hintedError{errors.New("the database's url can't be read"), "write postgres://user:password@host:5432/database, special characters in the password as %XX"}
		return found
	}
	defer func() { _ = db.Close() }() // nothing was written
	ctx, cancel := context.WithTimeout(ctx, perCall)
	defer cancel()
	var version, fsync string
	err = db.QueryRowContext(ctx, `SELECT current_setting('server_version'), current_setting('fsync')`).Scan(&version, &fsync)
	switch {
	case err != nil:
		found.Err = hintedError{fmt.Errorf("signing in to the database: %w", err), "is PostgreSQL up, is the database made, may this user use it?"}
	case fsync != "on":
		found.Err = hintedError{errors.New("the database runs with fsync off"), "set fsync = on: with it off an acknowledged answer can be lost"}
	default:
		found.Said = "PostgreSQL " + version
	}
	return found
}

func keysFolder(d config.Deployment) Finding {
	found := Finding{Part: "keys", Said: d.Keys}
	for _, name := range []string{"signing.key", "access.key", "session.key"} {
		info, err := os.Stat(filepath.Join(d.Keys, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			found.Err = errors.Join(found.Err, hintedError{fmt.Errorf("looking at a key: %w", err), "whoever runs the worker must own the folder of the keys"})
		case info.Mode().Perm()&0o077 != 0:
			found.Err = errors.Join(found.Err, hintedError{fmt.Errorf("%s can be read by others", filepath.Join(d.Keys, name)), "chmod 600 it, and ask yourself who may have copied it"})
		}
	}
	if _, err := os.Stat(d.Keys); errors.Is(err, fs.ErrNotExist) {
		found.Said += ", which is made at the first start"
	}
	return found
}

func peopleFile(file string) Finding {
	if file == "" {
		return Finding{Part: "people", Said: "those of the record"}
	}
	found := Finding{Part: "people"}
	text, err := os.ReadFile(file)
	if err != nil {
		found.Err = hintedError{fmt.Errorf("opening the people file: %w", err), "people in gangway.yaml names it"}
		return found
	}
	people, err := config.ReadPeople(file, text)
	if err != nil {
		found.Err = err
		return found
	}
	found.Said = fmt.Sprintf("%d in %s", len(people.List), file)
	return found
}

// publicAddress asks for /livez as people's browsers would come.
func publicAddress(ctx context.Context, address string) Finding {
	found := Finding{Part: "address", Said: address}
	if address == "" {
		found.Said = "none: the inbox is for this machine alone"
		return found
	}
	said, code, err := fetch(ctx, address+"/livez")
	switch {
	case err != nil:
		found.Err = hintedError{fmt.Errorf("asking the public address: %w", err), "does its name lead to the proxy, does the proxy's certificate hold, and does a worker run behind it?"}
	case code >= http.StatusMultipleChoices && code < http.StatusBadRequest:
		found.Err = hintedError{fmt.Errorf("the public address answers %d: it sends one elsewhere", code), "write into address what people end at"}
	case code != http.StatusOK || said != Alive:
		found.Err = hintedError{fmt.Errorf("something else than gangway answers at the public address (%d)", code), "the proxy must hand every path to `listen` and keep the Host header"}
	}
	return found
}
