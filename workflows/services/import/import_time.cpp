// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/import_time.h"

#include "models/base/text.h"

#include <QDateTime>
#include <QRegularExpression>

namespace counterfoil {

namespace {

const QLatin1String offsetMark(" offset");

std::optional<UtcTime> readFormat(const QString& text, const QString& format)
{
    QDateTime time = QDateTime::fromString(text, format);
    time.setTimeSpec(Qt::UTC);
    return time.isValid() ? std::optional(UtcTime(time.toMSecsSinceEpoch() * 1000)) : std::nullopt;
}

std::optional<UtcTime> readWithOffset(const QString& text, const QString& format)
{
    static const QRegularExpression offset(QStringLiteral("^(.*\\S)\\s*(?:Z|UTC|([+-])([01]\\d):?([0-5]\\d))$"));
    const QRegularExpressionMatch match = offset.match(text);
    if (!match.hasMatch()) {
        return std::nullopt;
    }
    const std::optional<UtcTime> local = readFormat(match.captured(1), format);
    if (!local || match.capturedLength(2) == 0) {
        return local;
    }
    const Duration shift = Duration::minutes(match.capturedView(3).toInt() * 60 + match.capturedView(4).toInt());
    return match.capturedView(2) == u'-' ? *local + shift : *local - shift;
}

} // namespace

Result<UtcTime> parseImportTime(const QString& text, const QString& format)
{
    std::optional<UtcTime> time;
    if (format.isEmpty() || format == QLatin1String("iso")) {
        CF_ASSIGN(time, UtcTime::fromIso(text));
    } else if (format.endsWith(offsetMark)) {
        time = readWithOffset(text, format.chopped(offsetMark.size()));
    } else {
        time = readFormat(text, format);
    }
    if (!time || time->micros() <= 0) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("'%1' is not a time after 1970 in the form '%2'")
                                                   .arg(visibleText(text, 40), format.isEmpty() ? QStringLiteral("iso") : format));
    }
    return *time;
}

} // namespace counterfoil
