// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/row_set.h"

namespace counterfoil {

/// Writes what is new or changed in a set, and nothing else.
inline Result<void> flushed(RowSetBase& set, Connection& connection)
{
    StatementBatch batch(connection);
    set.flush(batch);
    return batch.finish();
}

} // namespace counterfoil
