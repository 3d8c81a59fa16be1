package workflows

// The processes of an exit, as histories call them.
const (
	ExitType       = "Exit"
	TransferType   = "KnowledgeTransfer"
	HandoverType   = "AssetHandover"
	RevocationType = "Revocation"
	DataReturnType = "DataReturn"
	AftercareType  = "Aftercare"
)

// Signals between an exit, its parts, the oversight that it follows and the onboarding
// of who comes after.
const (
	// SignalExit tells an oversight that an exit of its vendor began: its dates pass over.
	SignalExit = "exit"
	// SignalHanded answers with what was watched.
	SignalHanded = "handed"
	// SignalReplacement tells the onboarding of who comes after that an exit waits for it.
	SignalReplacement = "replacement"
	// SignalGate tells an exit which gate the onboarding of who comes after has reached.
	SignalGate = "gate"
	// SignalPart tells a part of an exit what its exit, or another part, has come to.
	SignalPart = "part"
)

// ExitPrefix is the prefix of an exit's process ids.
func ExitPrefix(vendor string) string { return "exit/" + vendor }

// DrillPrefix is the prefix of process ids of drills: exits that are rehearsed. They have
// numbers of their own, so that a drill never stands in the way of an exit.
func DrillPrefix(vendor string) string { return "drill/" + vendor }

// TransferPrefix is the prefix of a knowledge transfer's process ids.
func TransferPrefix(vendor string) string { return "transfer/" + vendor }

// HandoverPrefix is the prefix of an asset hand-over's process ids.
func HandoverPrefix(vendor string) string { return "handover/" + vendor }

// RevocationPrefix is the prefix of process ids of revoking a vendor's access.
func RevocationPrefix(vendor string) string { return "revocation/" + vendor }

// DataReturnPrefix is the prefix of process ids of getting data back, or deleted.
func DataReturnPrefix(vendor string) string { return "data-return/" + vendor }

// AftercarePrefix is the prefix of process ids of following backups to their end.
func AftercarePrefix(vendor string) string { return "aftercare/" + vendor }
