package workflows

// Names of the activities that copy, restore and hand over repositories, and read who
// wrote them, as histories call them.
const (
	actKeepRepositories     = "KeepRepositories"
	actRestoreRepositories  = "RestoreRepositories"
	actTransferRepositories = "TransferRepositories"
	actRepositoriesStand    = "RepositoriesStand"
	actAuthors              = "Authors"
)
