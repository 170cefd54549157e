// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/logging.h"

#include "models/base/json.h"
#include "models/base/text.h"
#include "workflows/gateway/redaction.h"

#include <QLoggingCategory>
#include <QMessageLogger>

#include <array>
#include <atomic>
#include <cerrno>

#include <unistd.h>

namespace counterfoil {

namespace {

constexpr int messageLengthMax = 8 * 1024;
constexpr std::array levelNames{"debug", "info", "warning", "error"};
constexpr std::array ownFields{"time", "level", "category", "message"};

std::atomic<LogFormat> activeFormat{LogFormat::Text};
std::atomic<LogLevel> activeLevel{LogLevel::Info};
/// Qt's handler takes a text only, so the fields of the event that this thread is logging wait here.
thread_local const QJsonObject* pendingFields = nullptr;

QString nameOf(LogLevel level)
{
    return QLatin1String(levelNames.at(static_cast<size_t>(level)));
}

LogLevel levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return LogLevel::Debug;
    case QtInfoMsg:
        return LogLevel::Info;
    case QtWarningMsg:
        return LogLevel::Warning;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return LogLevel::Error;
}

QByteArray textLine(const LogRecord& record)
{
    QString line = record.time.toIso() + u' ' + nameOf(record.level).toUpper().leftJustified(8) + record.category + QStringLiteral(": ")
                   + record.message;
    for (auto it = record.fields.begin(); it != record.fields.end(); ++it) {
        const QString value = it->isString() ? it->toString() : QString::fromUtf8(toJson({{QStringLiteral("v"), *it}}).chopped(1).mid(5));
        const bool needsQuotes = it->isString() && (value.isEmpty() || value.contains(u' ') || value.contains(u'"'));
        line += u' ' + it.key() + u'=' + (needsQuotes ? u'"' + QString(value).replace(u'"', QStringLiteral("\\\"")) + u'"' : value);
    }
    return visibleText(redact(line), messageLengthMax).toUtf8() + '\n';
}

QByteArray jsonLine(const LogRecord& record)
{
    QJsonObject line = redact(record.fields);
    for (const char* name : ownFields) {
        line.remove(QLatin1String(name));
    }
    line.insert(QStringLiteral("time"), record.time.toIso());
    line.insert(QStringLiteral("level"), nameOf(record.level));
    line.insert(QStringLiteral("category"), record.category);
    line.insert(QStringLiteral("message"), visibleText(redact(record.message), messageLengthMax));
    return toJson(line) + '\n';
}

void writeAll(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const auto written = ::write(STDERR_FILENO, bytes.data(), static_cast<size_t>(bytes.size()));
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return; // nowhere is left to say so
        }
        bytes = bytes.sliced(written);
    }
}

void handleMessage(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    const LogLevel level = levelOf(type);
    if (level < activeLevel) {
        return;
    }
    LogRecord record{SystemClock().now(), level, QString::fromLatin1(context.category ? context.category : "default"), message, {}};
    if (pendingFields) {
        record.fields = *pendingFields;
    }
    writeAll(logLine(record, activeFormat));
}

} // namespace

Result<LogFormat> parseLogFormat(const QString& text)
{
    if (text == u"text" || text == u"json") {
        return text == u"json" ? LogFormat::Json : LogFormat::Text;
    }
    return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the log format '%1' is neither text nor json").arg(visibleText(text, 32)));
}

Result<LogLevel> parseLogLevel(const QString& text)
{
    for (size_t i = 0; i < levelNames.size(); ++i) {
        if (text == QLatin1String(levelNames.at(i))) {
            return static_cast<LogLevel>(i);
        }
    }
    return fail(ErrorCode::ConfigurationInvalid,
                QStringLiteral("the log level '%1' is none of debug, info, warning and error").arg(visibleText(text, 32)));
}

QByteArray logLine(const LogRecord& record, LogFormat format)
{
    return format == LogFormat::Json ? jsonLine(record) : textLine(record);
}

void installLogging(const LogOptions& options)
{
    activeFormat = options.format;
    activeLevel = options.level;
    // Qt's own debugging output is for those who debug Qt.
    QLoggingCategory::setFilterRules(options.level == LogLevel::Debug ? QStringLiteral("*.debug=true\nqt.*.debug=false")
                                                                      : QStringLiteral("*.debug=false"));
    qInstallMessageHandler(handleMessage);
}

void logEvent(LogLevel level, const char* category, const QString& message, const QJsonObject& fields)
{
    const QMessageLogger logger(nullptr, 0, nullptr, category);
    pendingFields = &fields;
    switch (level) {
    case LogLevel::Debug:
        logger.debug("%ls", qUtf16Printable(message));
        break;
    case LogLevel::Info:
        logger.info("%ls", qUtf16Printable(message));
        break;
    case LogLevel::Warning:
        logger.warning("%ls", qUtf16Printable(message));
        break;
    case LogLevel::Error:
        logger.critical("%ls", qUtf16Printable(message));
        break;
    }
    pendingFields = nullptr;
}

} // namespace counterfoil
