// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <QJsonObject>

namespace counterfoil {

enum class LogFormat { Text, Json };
enum class LogLevel { Debug = 0, Info = 1, Warning = 2, Error = 3 };

struct LogOptions {
    LogFormat format = LogFormat::Text;
    /// What is below is left out.
    LogLevel level = LogLevel::Info;
};

/// `text` or `json`; `debug`, `info`, `warning` or `error`. Errors: ConfigurationInvalid.
Result<LogFormat> parseLogFormat(const QString& text);
Result<LogLevel> parseLogLevel(const QString& text);

/// One event. `fields` are facts beside the message, for machines: an order's id, a count.
struct LogRecord {
    UtcTime time;
    LogLevel level = LogLevel::Info;
    QString category;
    QString message;
    QJsonObject fields;
};

/// The record as one line, with its line end. Secrets and card data are redacted, control characters made visible.
/// JSON: `{"category", "level", "message", "time"}` and the fields (never over those four).
QByteArray logLine(const LogRecord& record, LogFormat format);

/// Sends every message of Qt's logging (qInfo, qCWarning, …) and logEvent() to standard error, one line each, written whole.
/// Call it once, in main().
void installLogging(const LogOptions& options);

/// Logs a message with fields. From any thread.
void logEvent(LogLevel level, const char* category, const QString& message, const QJsonObject& fields = {});

} // namespace counterfoil
