package exit

// The processes that steps of an exit belong to, as playbook.Process has them.
const (
	PartExit       = "exit"
	PartTransfer   = "transfer"    // of knowledge
	PartHandover   = "handover"    // of assets
	PartRevocation = "revocation"  // of access
	PartDataReturn = "data-return" // or deletion
	PartAftercare  = "aftercare"   // of backups
)

// What a step of an exit is for, as playbook.Purpose has it.
const (
	// In the exit itself.
	DoesDecide    = "decide"    // a decision, inside, before anybody outside hears of it
	DoesEmergency = "emergency" // a decision of any two of the emergency list: access is cut now
	DoesRatify    = "ratify"    // a decision of other seats on that, within a working day
	DoesNotice    = "notice"    // a task: notice in the contract's form; its receipt is the evidence
	DoesPlan      = "plan"      // a task with a form: the exit plan as it is carried out; signed by Accept
	DoesGivenUp   = "given-up"  // a decision: what a compressed plan does without
	DoesChase     = "chase"     // a task for lawyers: one rung of the ladder
	DoesParallel  = "parallel"  // a task with a form: checks while old and new run side by side
	DoesCutOver   = "cut-over"  // a decision: from here on the new one works; until then there is a way back
	DoesMoney     = "money"     // a task with a form: final invoice, credits, penalties
	DoesSurvival  = "survival"  // a checklist: clauses that outlive the contract
	DoesLessons   = "lessons"   // a task with a form, for the tiering of the next vendor
	DoesForgotten = "forgotten" // a task with a form, after the last look at access: what was forgotten
	DoesClose     = "close"     // a decision: the certificate is signed

	// In a knowledge transfer, once an area.
	DoesSession  = "session"  // a task with a form: a session was held; who was there
	DoesMaterial = "material" // a delivery of the vendor's
	DoesShown    = "shown"    // a task of the receiver's with a form: they did it themselves
	DoesReceived = "received" // a decision of the receiver's

	// In an asset hand-over, once a kind and owner.
	DoesAssets  = "assets"    // a task with a form: what else there is than the plan and the inventory name
	DoesHand    = "hand-over" // a delivery with a list: who has it hands it over
	DoesVerify  = "verify"    // a task with a list: somebody looked whether it works
	DoesTake    = "take"      // a decision: the receiver takes it
	DoesRestore = "restore"   // a task: the repository was restored from its bundle

	// In a revocation.
	DoesRoster  = "roster"  // a task with a form: the vendor's accounts, complete
	DoesMore    = "more"    // a decision: more was found than the signed plan names
	DoesSystems = "systems" // a task with a list: systems without an interface, by evidence
	DoesSecond  = "second"  // a decision of a second person on that evidence

	// In a return of data.
	DoesChoice   = "choice"   // a decision between return and deletion, GDPR Art. 28(3)(g)
	DoesReturned = "returned" // a delivery of the vendor's
	DoesOpened   = "opened"   // a task: somebody opened what came, and looked whether it is whole
	DoesDeleted  = "deleted"  // a delivery of the vendor's: the certificate of deletion
	DoesChecked  = "checked"  // a checklist on that certificate: scope, systems, method, signer, date, sub-processors, backups

	// In aftercare.
	DoesBackup = "backup" // a delivery of the vendor's: a backup has run out
)
