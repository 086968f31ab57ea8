// Package deployment wires one deployment of assize: the store of the ledger, the bodies, the keys, the
// service of assessments, and the work of runs. The command and its tests make it; nothing else imports it.
//
// The data folder holds
//
//	deployment.json  where the following lie, if elsewhere
//	assize.db     the store, unless --store names a PostgreSQL database
//	blobs/        encrypted segments with the bodies, unless --blobs names another place
//	keys/         the wrapping key and the ledger's key, unless --keys names another folder
//	ledger/       the published ledger: tiles, entries, checkpoint
//	sources/      how each assessment reads its accounts; it may hold external ids, and is no part of the ledger
//	runs/         journals of runs under way
package deployment
