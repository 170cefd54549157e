// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/audit_anchor.h"

#include "tests/support/expect.h"

#include <QFile>
#include <QTemporaryDir>

using namespace counterfoil;

namespace {

const UtcTime noon{1'714'564'800'000'000};

AuditHead headAt(qint64 position)
{
    return {position, QStringLiteral("%1").arg(position, 64, 16, QLatin1Char('0')), noon, QStringLiteral("live")};
}

} // namespace

class TestAuditAnchor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        failOnWarnings();
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void aLineIsReadAsItWasWritten()
    {
        for (const AuditHead& head : {headAt(42), headAt(9'007'199'254'740'991), AuditHead{0, {}, {}, QStringLiteral("sandbox")}}) {
            const QByteArray line = anchorLine(head);
            QVERIFY(line.endsWith("}\n") && line.count('\n') == 1);
            const auto read = parseAnchor(line.chopped(1));
            CF_VERIFY_OK(read);
            QVERIFY(*read == head);
        }
    }

    void refusesWhatIsNoAnchor_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<ErrorCode>("code");
        const QByteArray good = anchorLine(headAt(42)).chopped(1);
        const auto changed = [&good](const char* from, const char* to) { return QByteArray(good).replace(from, to); };
        QTest::newRow("nothing") << QByteArray() << ErrorCode::MalformedInput;
        QTest::newRow("no object") << QByteArray("[42]") << ErrorCode::MalformedInput;
        QTest::newRow("another field") << changed("\"position\"", "\"note\":1,\"position\"") << ErrorCode::UnknownField;
        QTest::newRow("no position") << changed("\"position\":42,", "") << ErrorCode::MissingField;
        QTest::newRow("negative position") << changed(":42", ":-42") << ErrorCode::MalformedInput;
        QTest::newRow("position 0 with a hash") << changed(":42", ":0") << ErrorCode::MalformedInput;
        QTest::newRow("half a hash") << changed("000000000000000000000000000000000000", "") << ErrorCode::MalformedInput;
        QTest::newRow("hash in capitals") << changed("00002a\"", "00002A\"") << ErrorCode::MalformedInput;
        QTest::newRow("no time") << changed("2024-05-01T12:00:00.000Z", "") << ErrorCode::MalformedInput;
        QTest::newRow("time that is none") << changed("2024-05-01", "2024-05-77") << ErrorCode::MalformedInput;
    }
    void refusesWhatIsNoAnchor()
    {
        QFETCH(QByteArray, line);
        QFETCH(ErrorCode, code);
        CF_COMPARE_ERROR(parseAnchor(line), code);
    }

    void linesAreAddedToAFileThatOnlyItsOwnerReads()
    {
        const QString path = m_folder->filePath(QStringLiteral("anchors"));
        CF_VERIFY_OK(prepareAnchorFile(path));
        CF_COMPARE_ERROR(readAnchors(path), ErrorCode::FileUnreadable);
        for (const qint64 position : {1, 2, 3}) {
            CF_VERIFY_OK(appendAnchor(path, headAt(position)));
        }
        QCOMPARE(QFile::permissions(path), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser);
        const auto anchors = readAnchors(path);
        CF_VERIFY_OK(anchors);
        QCOMPARE(anchors->size(), 3U);
        QVERIFY(anchors->back() == headAt(3));
    }

    void aLineThatWasCutOffIsLeftOutAndSpoilsNoOther()
    {
        const QString path = m_folder->filePath(QStringLiteral("anchors"));
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(anchorLine(headAt(1)) + anchorLine(headAt(2)).left(40));
        file.close();
        QCOMPARE(readAnchors(path)->size(), 1U);
        CF_VERIFY_OK(appendAnchor(path, headAt(3)));
        const auto anchors = readAnchors(path);
        CF_VERIFY_OK(anchors);
        QCOMPARE(anchors->size(), 2U);
        QVERIFY(anchors->back() == headAt(3));
    }

    void aBadLineIsNamed()
    {
        const QString path = m_folder->filePath(QStringLiteral("anchors"));
        CF_VERIFY_OK(appendAnchor(path, headAt(1)));
        QFile file(path);
        QVERIFY(file.open(QFile::WriteOnly | QFile::Append));
        file.write("{\"position\":2}\n");
        file.close();
        const auto read = readAnchors(path);
        CF_COMPARE_ERROR(read, ErrorCode::MalformedInput);
        QVERIFY2(read.error().detail.contains(QStringLiteral("line 2")), qPrintable(read.error().detail));
    }

    void filesThatCannotBeUsedAreSaid()
    {
        CF_COMPARE_ERROR(readAnchors(m_folder->filePath(QStringLiteral("missing"))), ErrorCode::FileUnreadable);
        CF_COMPARE_ERROR(appendAnchor(m_folder->filePath(QStringLiteral("no/folder")), headAt(1)), ErrorCode::FileNotWritable);
        CF_COMPARE_ERROR(prepareAnchorFile(m_folder->path()), ErrorCode::FileNotWritable);
        // Whoever may write to the folder must not lead the worker's lines elsewhere.
        const QString link = m_folder->filePath(QStringLiteral("link"));
        QVERIFY(QFile::link(m_folder->filePath(QStringLiteral("target")), link));
        CF_COMPARE_ERROR(appendAnchor(link, headAt(1)), ErrorCode::FileNotWritable);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAuditAnchor)
#include "tst_audit_anchor.moc"
