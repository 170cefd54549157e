// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/driver.h"

namespace counterfoil {

void putValues(const QVariantList& values, ValueSink& sink)
{
    for (const QVariant& value : values) {
        if (value.typeId() == QMetaType::QString) {
            sink.text(*static_cast<const QString*>(value.constData()));
        } else if (value.isNull()) {
            sink.none();
        } else {
            sink.integer(value.toLongLong());
        }
    }
}

std::unexpected<Error> nulInText(const QString& sql)
{
    return fail(ErrorCode::InvalidText, QStringLiteral("U+0000 in a value of: %1").arg(sql.simplified().left(160)));
}

} // namespace counterfoil
