package embedded

import "fmt"

// ForeignFileError says that the file was not made by this version of the
// engine. Nothing was written to it. Found and Want are for people to read.
type ForeignFileError struct {
	File, Found, Want string
}

// Error names the file, what it is, and what it would have to be.
func (e *ForeignFileError) Error() string {
	return fmt.Sprintf("the engine's file %s was made by %s, and this is %s; it was not touched", e.File, e.Found, e.Want)
}

// Hint says how to carry the cases over: there is no migration between server
// versions for SQLite files, so what a case was goes with its dossier.
func (e *ForeignFileError) Hint() string {
	return "finish or export its cases with the release that wrote it (gangway dossier CASE --out FILE), then start with a new -data folder"
}

// InUseError says that another process, or another Server in this one, works
// on the file. Process is its id, 0 if it could not be read.
type InUseError struct {
	File    string
	Process int
}

// Error names the file and, where known, the process that has it.
func (e *InUseError) Error() string {
	if e.Process == 0 {
		return fmt.Sprintf("the engine's file %s is in use by another process", e.File)
	}
	return fmt.Sprintf("the engine's file %s is in use by process %d", e.File, e.Process)
}

// Hint says what to do about it.
func (e *InUseError) Hint() string {
	return "stop the gangway that is running on this folder, or start with another -data folder"
}

// PortTakenError says that the port somebody asked for is not free.
type PortTakenError struct {
	Port int
	Err  error
}

// Error names the port and what listening on it answered.
func (e *PortTakenError) Error() string {
	return fmt.Sprintf("listening on 127.0.0.1:%d: %v", e.Port, e.Err)
}

// Unwrap gives the error of the operating system.
func (e *PortTakenError) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *PortTakenError) Hint() string {
	return "choose another port, or 0 for any that is free"
}
