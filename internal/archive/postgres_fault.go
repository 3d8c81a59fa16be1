package archive

import "fmt"

// badURLError says that the database's URL can't be read. It quotes nothing of
// it: there may be a password inside.
type badURLError struct{}

// Error says so.
func (e badURLError) Error() string { return "the URL of the database can't be read" }

// Hint shows the form.
func (e badURLError) Hint() string {
	return "write it as postgres://user:password@host:5432/database, special characters in the password as %XX"
}

// unreachableError says that the server did not answer, or let nobody in.
type unreachableError struct {
	name string
	err  error
}

// Error names the database and the fault; pgx leaves the password out.
func (e unreachableError) Error() string {
	return fmt.Sprintf("connecting to the database %s: %v", e.name, e.err)
}

// Unwrap gives the fault.
func (e unreachableError) Unwrap() error { return e.err }

// Hint says what to do, by what the server said.
func (e unreachableError) Hint() string {
	switch state := stateOf(e.err); {
	case state == "3D000":
		return "make the database (CREATE DATABASE) or name another one in the URL"
	case len(state) == 5 && state[:2] == "28":
		return "check user and password in the database's URL, and the server's pg_hba.conf"
	case state == "53300":
		return "the server takes no more connections: raise max_connections; each gangway process takes up to 24"
	}
	return "check that PostgreSQL runs and that host and port in the database's URL are right; then start again"
}

// settingError says that the server is set so that a promise can't be kept.
type settingError struct{ name, is, want string }

// Error names the setting.
func (e settingError) Error() string { return fmt.Sprintf("the database %s: %s", e.name, e.is) }

// Hint says how it must be set.
func (e settingError) Hint() string { return e.want }

// beforeError says that the folder holds an archive of SQLite, which the
// database would hide.
type beforeError struct{ file string }

// Error names the file.
func (e beforeError) Error() string {
	return e.file + " holds an archive, and a PostgreSQL database was named beside it"
}

// Hint says what to do about it.
func (e beforeError) Hint() string {
	return "name an empty data folder, or leave the database out to go on with the file"
}
