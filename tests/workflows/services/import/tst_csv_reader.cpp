// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/csv_reader.h"

#include <QBuffer>
#include <QFile>
#include <QTest>

using namespace counterfoil;

namespace {

/// Gives `prefix`, then `count` times `filler`, then `suffix`, and never holds more than what is asked for.
class EndlessLine final : public QIODevice {
public:
    EndlessLine(QByteArray prefix, char filler, qint64 count, QByteArray suffix)
        : m_prefix(std::move(prefix)), m_suffix(std::move(suffix)), m_filler(filler), m_count(count)
    {
        open(QIODevice::ReadOnly);
    }
    bool isSequential() const override { return true; }

protected:
    qint64 readData(char* data, qint64 maxSize) override
    {
        if (!m_prefix.isEmpty()) {
            return give(m_prefix, data, maxSize);
        }
        if (m_count > 0) {
            const qint64 size = std::min(m_count, maxSize);
            std::fill_n(data, size, m_filler);
            m_count -= size;
            return size;
        }
        return m_suffix.isEmpty() ? -1 : give(m_suffix, data, maxSize);
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    static qint64 give(QByteArray& from, char* data, qint64 maxSize)
    {
        const qint64 size = std::min<qint64>(from.size(), maxSize);
        std::copy_n(from.constData(), size, data);
        from.remove(0, size);
        return size;
    }

    QByteArray m_prefix;
    QByteArray m_suffix;
    const char m_filler;
    qint64 m_count;
};

std::vector<CsvRecord> readAll(QByteArray text, const CsvLimits& limits = {})
{
    QBuffer buffer(&text);
    buffer.open(QIODevice::ReadOnly);
    CsvReader reader(buffer, limits);
    std::vector<CsvRecord> records;
    for (auto record = reader.next(); record && *record; record = reader.next()) {
        records.push_back(std::move(**record));
    }
    return records;
}

/// Cells joined by |, records by a line end, errors by their name.
QString shown(const std::vector<CsvRecord>& records)
{
    QStringList lines;
    for (const CsvRecord& record : records) {
        lines.append(record.error ? u'!' + toString(record.error->code) : record.fields.join(u'|'));
    }
    return lines.join(QStringLiteral(" / "));
}

/// Of this program alone: getrusage() would count what ran in the process before it.
qint64 peakKilobytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    require(status.open(QIODevice::ReadOnly), "Linux tells the peak of memory");
    for (const QByteArray& line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:")) {
            return line.mid(6).simplified().split(' ').first().toLongLong();
        }
    }
    assertionFailed("there is a VmHWM line");
}

} // namespace

class TestCsvReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << QByteArray("a,b\nc,d\n") << QStringLiteral("a|b / c|d");
        QTest::newRow("no line end at the end") << QByteArray("a,b\nc,d") << QStringLiteral("a|b / c|d");
        QTest::newRow("CRLF") << QByteArray("a,b\r\nc,d\r\n") << QStringLiteral("a|b / c|d");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf" "a,b\n") << QStringLiteral("a|b");
        QTest::newRow("quotes and commas") << QByteArray("\"a,\"\"b\"\"\",c\n") << QStringLiteral("a,\"b\"|c");
        QTest::newRow("line end in quotes") << QByteArray("\"a\r\nb\",c\nd,e\n") << QStringLiteral("a\r\nb|c / d|e");
        QTest::newRow("empty cells") << QByteArray(",\"\",\n") << QStringLiteral("||");
        QTest::newRow("quote inside plain cell") << QByteArray("3.5\" disk,b\n") << QStringLiteral("3.5\" disk|b");
        QTest::newRow("empty lines") << QByteArray("\n\na,b\n\r\n\nc,d\n\n") << QStringLiteral("a|b / c|d");
        QTest::newRow("lone carriage return") << QByteArray("a\rb,c\n") << QStringLiteral("a\rb|c");
        QTest::newRow("other scripts") << QByteArray("\xe5\x95\x86,\xf0\x9f\x8d\x8e\n") << QStringLiteral("商|🍎");
        QTest::newRow("nothing") << QByteArray() << QString();
        QTest::newRow("byte order mark only") << QByteArray("\xef\xbb\xbf") << QString();
        QTest::newRow("text after quote") << QByteArray("\"a\"b,c\nd,e\n") << QStringLiteral("!malformed_input / d|e");
        QTest::newRow("quote never closed") << QByteArray("a,b\nc,\"d\ne,f\n") << QStringLiteral("a|b / !malformed_input");
        QTest::newRow("quote at the very end") << QByteArray("a,b\nc,\"") << QStringLiteral("a|b / !malformed_input");
        QTest::newRow("NUL") << QByteArray("a,b\0c\nd,e\n", 10) << QStringLiteral("!invalid_text / d|e");
        QTest::newRow("invalid UTF-8") << QByteArray("a,\xff\nd,e\n") << QStringLiteral("!invalid_text / d|e");
        QTest::newRow("cut UTF-8") << QByteArray("a,\xe5\x95\nd,e\n") << QStringLiteral("!invalid_text / d|e");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80,b\nd,e\n") << QStringLiteral("!invalid_text / d|e");
        QTest::newRow("overlong") << QByteArray("\xc0\xaf,b\nd,e\n") << QStringLiteral("!invalid_text / d|e");
    }
    void reads()
    {
        QFETCH(QByteArray, text);
        QTEST(shown(readAll(text)), "expected");
    }

    void findsAByteOrderMarkThatComesInPieces()
    {
        EndlessLine pipe("\xef", '\xbb', 1, "\xbf" "a,b\n");
        CsvReader reader(pipe);
        const auto record = reader.next();
        QVERIFY(record && *record);
        QCOMPARE((*record)->fields, QStringList({QStringLiteral("a"), QStringLiteral("b")}));
    }

    void refusesUtf16()
    {
        for (QByteArray text : {QByteArray("\xff\xfe" "a\0", 4), QByteArray("\xfe\xff\0a", 4)}) {
            QBuffer buffer(&text);
            buffer.open(QIODevice::ReadOnly);
            CsvReader reader(buffer);
            const auto record = reader.next();
            QVERIFY(!record);
            QCOMPARE(toString(record.error().code), toString(ErrorCode::InvalidText));
            QVERIFY(record.error().detail.contains(QStringLiteral("UTF-16")));
        }
    }

    void namesOffsetAndLineOfEveryRecord()
    {
        const auto records = readAll("\xef\xbb\xbf" "a,b\r\n\"c\nc\",d\n\ne,f\n");
        QCOMPARE(records.size(), std::size_t{3});
        QCOMPARE(records[0].byteOffset, 3);
        QCOMPARE(records[0].line, 1);
        QCOMPARE(records[1].byteOffset, 8);
        QCOMPARE(records[1].line, 2);
        QCOMPARE(records[2].line, 5);
    }

    void startsAgainAtEveryOffset()
    {
        QByteArray text("\xef\xbb\xbf" "h,i\r\n1,\"a\nb\"\r\n2,c\n\n3,\"d\"\"\"\n4,e");
        const auto all = readAll(text);
        QCOMPARE(all.size(), std::size_t{5});
        for (std::size_t from = 0; from < all.size(); ++from) {
            QBuffer buffer(&text);
            buffer.open(QIODevice::ReadOnly);
            CsvReader reader(buffer);
            QVERIFY(reader.skipTo(all[from].byteOffset));
            for (std::size_t i = from; i < all.size(); ++i) {
                const auto record = reader.next();
                QVERIFY(record && *record);
                QCOMPARE((*record)->fields, all[i].fields);
                QCOMPARE((*record)->line, all[i].line);
            }
        }
    }

    void refusesToSkipBackOrBeyondTheEnd()
    {
        QByteArray text("a,b\nc,d\n");
        QBuffer buffer(&text);
        buffer.open(QIODevice::ReadOnly);
        CsvReader reader(buffer);
        QVERIFY(reader.next());
        QCOMPARE(toString(reader.skipTo(1).error().code), toString(ErrorCode::FileUnreadable));
        QCOMPARE(toString(reader.skipTo(9).error().code), toString(ErrorCode::FileUnreadable));
    }

    void boundsBytesAndColumns()
    {
        const CsvLimits limits{.recordBytesMax = 16, .fieldsMax = 4};
        QCOMPARE(shown(readAll("0123456789abcde\nnext,row\n", limits)), QStringLiteral("0123456789abcde / next|row"));
        QCOMPARE(shown(readAll("0123456789abcdef\nnext,row\n", limits)), QStringLiteral("!too_large / next|row"));
        QCOMPARE(shown(readAll("\"0123456789abc\ndefghi\"\nnext,row\n", limits)), QStringLiteral("!too_large / next|row"));
        QCOMPARE(shown(readAll("a,b,c,d\na,b,c,d,e\n", limits)), QStringLiteral("a|b|c|d / !too_large"));
    }

    void keepsWhatTellsTheOrderOfBadRecord()
    {
        const CsvLimits limits{.recordBytesMax = 16};
        QCOMPARE(readAll("CA-1,0123456789abcdef,x\n", limits).at(0).fields.value(0), QStringLiteral("CA-1"));
        QCOMPARE(readAll("CA-1,\xff\n").at(0).fields, (QStringList{QStringLiteral("CA-1"), QString()}));
        QCOMPARE(readAll("CA-1,\"never").at(0).fields, QStringList{QStringLiteral("CA-1")});
    }

    void readsHugeLineInLittleMemory_data()
    {
        QTest::addColumn<QByteArray>("prefix");
        QTest::addColumn<char>("filler");
        QTest::addColumn<QByteArray>("suffix");
        QTest::addColumn<QString>("expected");
        QTest::newRow("plain") << QByteArray("a,b\nc,") << 'x' << QByteArray("\nd,e\n") << QStringLiteral("a|b / !too_large / d|e");
        QTest::newRow("commas") << QByteArray("a,b\nc,") << ',' << QByteArray("\nd,e\n") << QStringLiteral("a|b / !too_large / d|e");
        QTest::newRow("quoted") << QByteArray("a,b\nc,\"") << '\n' << QByteArray("\"\nd,e\n") << QStringLiteral("a|b / !too_large / d|e");
        QTest::newRow("never closed") << QByteArray("a,b\nc,\"") << 'x' << QByteArray() << QStringLiteral("a|b / !malformed_input");
    }
    void readsHugeLineInLittleMemory()
    {
        QFETCH(QByteArray, prefix);
        QFETCH(char, filler);
        QFETCH(QByteArray, suffix);
        EndlessLine device(prefix, filler, qint64{100} * 1024 * 1024, suffix);
        const qint64 before = peakKilobytes();
        CsvReader reader(device);
        std::vector<CsvRecord> records;
        for (auto record = reader.next(); record && *record; record = reader.next()) {
            records.push_back(std::move(**record));
        }
        QTEST(shown(records), "expected");
        QCOMPARE(records.at(1).fields.value(0), QStringLiteral("c"));
        const qint64 grown = peakKilobytes() - before;
        qInfo("%lld KiB more", static_cast<long long>(grown));
        QVERIFY2(grown < 16 * 1024, qPrintable(QStringLiteral("%1 KiB more").arg(grown)));
    }
};

QTEST_GUILESS_MAIN(TestCsvReader)
#include "tst_csv_reader.moc"
